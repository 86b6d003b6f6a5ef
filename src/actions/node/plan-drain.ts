import { Node } from '../../kubernetes/resources/node.ts';
import type { PlanContext, StepPlan } from '../action.ts';
import { podName } from '../pod-state.ts';
import { readTiles } from '../service-tiles.ts';
import { blockedPlan, stepPlan } from '../step-plan.ts';
import { drainBlockers } from './drain-blockers.ts';
import { drainFindings } from './drain-findings.ts';
import type { DrainInput } from './drain-input.ts';
import { drainedTiles } from './drain-tiles.ts';
import { drainWarnings } from './drain-warnings.ts';
import { evictEffect } from './evict-effect.ts';
import { judgePod, leaves } from './judge-pod.ts';
import { nodeNotFound } from './node-state.ts';
import { podsOnNode } from './pods-on-node.ts';
import { preflight } from './preflight.ts';
import { estimateRoom } from './room.ts';

/** Gives every pod of the node its fate, by reading and by dry runs only. */
export async function planDrain(context: PlanContext, input: DrainInput): Promise<StepPlan> {
  const { cluster, clusterSettings, clock, accepted } = context;
  const node = await cluster.find(Node, { name: input.node });
  if (node === undefined) {
    return blockedPlan(`drain ${input.node}`, await nodeNotFound(cluster, input.node));
  }
  const pods = await podsOnNode(cluster, input.node);
  const circumstances = { accepted, now: clock.now() };
  const checked = await preflight(
    cluster,
    pods.map((on) => judgePod(on, circumstances)),
  );
  const leaving = checked.fates.filter(leaves);
  const room = await estimateRoom(cluster, {
    node: input.node,
    pods: leaving.map(({ on }) => on.pod),
  });
  const endpoints = await readTiles(cluster, clusterSettings.tiles);
  const tiles = drainedTiles(endpoints, { leaving, maxParallel: input.maxParallel });
  const left = checked.fates.filter(({ verdict }) => verdict === 'never');
  return stepPlan({
    summary: summaryOf(input, leaving.length),
    effects: leaving.map(({ on }) => evictEffect(on)),
    findings: drainFindings(node, { checked, room }),
    warnings: drainWarnings({ node, checked, leaving, room, endpoints }),
    blockers: drainBlockers(context, { node, checked }),
    tiles,
    outputs: {
      pods: leaving.length,
      left: left.map(({ on }) => podName(on.pod)),
      tiles: tiles.map(({ name, readyAfter }) => ({ name, ready: readyAfter })),
    },
  });
}

function summaryOf({ node, maxParallel }: DrainInput, leaving: number): string {
  if (leaving === 0) return `no pod has to leave ${node}`;
  const pace = maxParallel === 1 ? 'one at a time' : `up to ${maxParallel} at a time`;
  return leaving === 1 ? `evict 1 pod from ${node}` : `evict ${leaving} pods from ${node}, ${pace}`;
}
