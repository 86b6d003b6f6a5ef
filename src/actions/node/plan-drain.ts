import { Node } from '../../kubernetes/resources/node.ts';
import type { Effect, PlanContext, StepPlan } from '../action.ts';
import { podName } from '../pod-state.ts';
import { readTiles } from '../service-tiles.ts';
import { blockedPlan, stepPlan } from '../step-plan.ts';
import { counted } from '../words.ts';
import { drainBlockers } from './drain-blockers.ts';
import { drainFindings } from './drain-findings.ts';
import type { DrainInput } from './drain-input.ts';
import { drainedTiles } from './drain-tiles.ts';
import { drainWarnings } from './drain-warnings.ts';
import { evictEffect, keeperOf } from './evict-effect.ts';
import { type Fate, judgePod, leaves, leavesByRestart } from './judge-pod.ts';
import { nodeNotFound } from './node-state.ts';
import { podsOnNode } from './pods-on-node.ts';
import { preflight } from './preflight.ts';
import { estimateRoom } from './room.ts';
import { findSurges } from './surge.ts';
import { restartEffect, type Surge } from './surge-effect.ts';

/** Gives every pod of the node its fate, by reading and by dry runs only. */
export async function planDrain(context: PlanContext, input: DrainInput): Promise<StepPlan> {
  const { cluster, clusterSettings, clock, accepted } = context;
  const node = await cluster.find(Node, { name: input.node });
  if (node === undefined) {
    return blockedPlan(`drain ${input.node}`, await nodeNotFound(cluster, input.node));
  }
  const pods = await podsOnNode(cluster, input.node);
  const surges = await findSurges(cluster, { pods, isWanted: input.surge });
  const circumstances = { accepted, now: clock.now(), surges };
  const checked = await preflight(
    cluster,
    pods.map((on) => judgePod(on, circumstances)),
  );
  const evicted = checked.fates.filter(leaves);
  const leaving = checked.fates.filter((fate) => leaves(fate) || leavesByRestart(fate));
  const restarts = decided(surges.restarts, checked.fates);
  const room = await estimateRoom(cluster, {
    node: input.node,
    pods: leaving.map(({ on }) => on.pod),
  });
  const endpoints = await readTiles(cluster, clusterSettings.tiles);
  const tiles = drainedTiles(endpoints, { leaving: evicted, maxParallel: input.maxParallel });
  const left = checked.fates.filter(({ verdict }) => verdict === 'never');
  const evictions = evicted.map(({ on }) => evictEffect(on));
  return stepPlan({
    summary: summaryOf(input, { evictions, restarts: restarts.length }),
    effects: [...restarts.map(restartEffect), ...evictions],
    findings: drainFindings(node, { checked, room }),
    warnings: drainWarnings({ node, checked, leaving, surges, room, endpoints }),
    blockers: drainBlockers(context, { node, checked }),
    tiles,
    outputs: {
      pods: leaving.length,
      left: left.map(({ on }) => podName(on.pod)),
      tiles: tiles.map(({ name, readyAfter }) => ({ name, ready: readyAfter })),
    },
  });
}

/** Those of whose pods nobody has to decide anything first. */
function decided(restarts: readonly Surge[], fates: readonly Fate[]): Surge[] {
  const going = new Set(fates.filter(leavesByRestart).map(({ on }) => on.pod.metadata.uid));
  return restarts.filter(({ pods }) => pods.every(({ pod }) => going.has(pod.metadata.uid)));
}

function summaryOf(
  { node, maxParallel }: DrainInput,
  { evictions, restarts }: { evictions: readonly Effect[]; restarts: number },
): string {
  const surge = restarts === 0 ? '' : `restart ${counted(restarts, 'Deployment')} with one pod`;
  if (evictions.length === 0) return surge ? `${surge} on ${node}` : `no pod has to leave ${node}`;
  const pods = `evict ${counted(evictions.length, 'pod')} from ${node}`;
  const evict = evictions.length === 1 ? pods : `${pods}, ${pace(evictions, maxParallel)}`;
  return surge ? `${surge}, then ${evict}` : evict;
}

function pace(evictions: readonly Effect[], maxParallel: number): string {
  const atOnce = Math.min(maxParallel, new Set(evictions.map(keeperOf)).size);
  return atOnce === 1 ? 'one at a time' : `up to ${atOnce} at a time, never two of one workload`;
}
