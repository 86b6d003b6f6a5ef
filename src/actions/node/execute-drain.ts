import pLimit from 'p-limit';
import { DisruptionBudget } from '../../kubernetes/resources/disruption-budget.ts';
import { Node } from '../../kubernetes/resources/node.ts';
import type { Effect, ExecuteContext, StepOutcome } from '../action.ts';
import { podName } from '../pod-state.ts';
import { Wake } from '../wake.ts';
import { counted, listed } from '../words.ts';
import { awaitVolumes } from './await-volumes.ts';
import type { DrainInput } from './drain-input.ts';
import { drainOrder, type Group } from './drain-order.ts';
import { DrainProgress } from './drain-progress.ts';
import type { DrainRun } from './drain-run.ts';
import { type Departure, leaveNode } from './leave-node.ts';
import { readinessOfNode } from './node-state.ts';
import { listPodsOn } from './pods-on-node.ts';
import { type RemainingPods, remainingPods } from './remaining-pods.ts';
import { surgeFirst } from './surge-first.ts';

/** Evicts the approved pods, tier by tier, and reports what is left on the node. */
export async function executeDrain(
  context: ExecuteContext,
  input: DrainInput,
): Promise<StepOutcome> {
  const effects = context.approved.filter(({ verb }) => verb === 'evict');
  const stop = new AbortController();
  const signal = AbortSignal.any([context.signal, stop.signal]);
  const run: DrainRun = {
    context,
    input,
    signal,
    stop: (error) => stop.abort(error),
    wake: new Wake(context.clock, signal),
    progress: new DrainProgress(context, context.approved.length),
    slots: pLimit(input.maxParallel),
  };
  const watching = wakeOnBudgets(run);
  try {
    const restarted = await surgeFirst(run);
    const departures = await evictAll(run, effects);
    return await finish(run, departures, restarted);
  } finally {
    stop.abort();
    await watching;
  }
}

/** Only rings a bell: budgets themselves are read fresh, so a watch that fails makes the drain slower, never wrong. */
async function wakeOnBudgets({ context, wake, signal }: DrainRun): Promise<void> {
  try {
    for await (const _ of context.cluster.watch(DisruptionBudget, { signal })) wake.wake();
  } catch {
    wake.wake();
  }
}

async function evictAll(run: DrainRun, effects: readonly Effect[]): Promise<Departure[]> {
  const { cluster, clusterSettings } = run.context;
  const pods = await listPodsOn(cluster, run.input.node);
  const { criticalNamespaces } = clusterSettings;
  const departures: Departure[] = [];
  for (const tier of drainOrder(effects, { pods, criticalNamespaces })) {
    departures.push(...(await evictTier(run, tier)));
  }
  return departures;
}

/** Groups go side by side, so that one that waits for its budget does not hold up the others; slots bound the rest. */
async function evictTier(run: DrainRun, groups: readonly Group[]): Promise<Departure[]> {
  let failure: { error: unknown } | undefined;
  const departures: Departure[] = [];
  await Promise.all(
    groups.map(async (group) => {
      try {
        for (const effect of group) departures.push(await leaveNode(run, effect));
      } catch (error) {
        failure ??= { error };
        run.stop(error);
      }
    }),
  );
  if (failure !== undefined) throw failure.error;
  return departures;
}

async function finish(
  run: DrainRun,
  departures: readonly Departure[],
  restarted: number,
): Promise<StepOutcome> {
  const { context, input } = run;
  const remaining = await remainingPods(context, input.node);
  const left = leftBehind(remaining);
  if (remaining.unapproved.length > 0) await tellUnapproved(run, remaining);
  left.push(...(await volumesLeft(run, remaining)));
  const evicted = departures.filter((departure) => departure !== 'gone before').length;
  const before = departures.length - evicted;
  const goneText = before > 0 ? `, ${before} had gone before` : '';
  const restartText = restarted > 0 ? `${counted(restarted, 'Deployment')} restarted, ` : '';
  return {
    summary: `${restartText}${counted(evicted, 'pod')} evicted from ${input.node}${goneText}`,
    changed: evicted + restarted > 0,
    left,
    outputs: {
      pods: evicted,
      left: [...remaining.protectedPods, ...remaining.unapproved].map(podName),
    },
  };
}

function leftBehind({ protectedPods, unapproved, stuck }: RemainingPods): string[] {
  return [
    ...protectedPods.map((pod) => `${podName(pod)} was left alone on the node, as accepted`),
    ...unapproved.map((pod) => `${podName(pod)} is on the node and was not in the approved plan`),
    ...stuck.map((pod) => `${podName(pod)} is Terminating until the machine is gone`),
  ];
}

async function tellUnapproved(
  { context, input }: DrainRun,
  { unapproved }: RemainingPods,
): Promise<void> {
  const names = listed(unapproved.map(podName));
  await context.tell({
    key: 'unapproved-pods',
    level: 'warning',
    text: `${counted(unapproved.length, 'pod')} on ${input.node} came after the plan, and were left alone: ${names}`,
  });
}

/** A dead kubelet detaches nothing: then there is nothing to wait for. */
async function volumesLeft(run: DrainRun, remaining: RemainingPods): Promise<string[]> {
  const { context, input } = run;
  const node = await context.cluster.find(Node, { name: input.node });
  if (node === undefined || readinessOfNode(node) === 'Unknown') return [];
  const attached = await awaitVolumes(run, remaining.all);
  if (attached.length === 0) return [];
  const text = `volumes are still attached to ${input.node}: ${listed(attached)}`;
  await context.tell({ key: 'volumes-attached', level: 'warning', text });
  return [text];
}
