import pLimit from 'p-limit';
import type { Effect, ExecuteContext, StepOutcome } from '../action.ts';
import { LiveObjects } from '../live-objects.ts';
import { podName } from '../pod-state.ts';
import { Wake } from '../wake.ts';
import { counted, listed } from '../words.ts';
import { awaitLeaving } from './await-leaving.ts';
import { awaitVolumes } from './await-volumes.ts';
import type { DrainInput } from './drain-input.ts';
import { drainOrder, type Group } from './drain-order.ts';
import { DrainProgress } from './drain-progress.ts';
import { type DrainRun, stopOnError, stopWhenAsked } from './drain-run.ts';
import { DrainView } from './drain-view.ts';
import { type Departure, leaveNode } from './leave-node.ts';
import { readinessOfNode } from './node-state.ts';
import { type RemainingPods, remainingPods } from './remaining-pods.ts';
import { effectsOnPods } from './surge-effect.ts';
import { surgeFirst } from './surge-first.ts';

/** Evicts the approved pods, tier by tier, and reports what is left on the node. */
export async function executeDrain(
  context: ExecuteContext,
  input: DrainInput,
): Promise<StepOutcome> {
  const effects = context.approved.filter(({ verb }) => verb === 'evict');
  const stop = new AbortController();
  const signal = AbortSignal.any([context.signal, stop.signal]);
  const wake = new Wake(context.clock, signal);
  const live = new LiveObjects({ cluster: context.cluster, clock: context.clock, wake });
  const run: DrainRun = {
    context,
    input,
    signal,
    stop: (error) => stop.abort(error),
    live,
    view: new DrainView(live, input.node, context.approved),
    wake,
    progress: new DrainProgress(context, context.approved.flatMap(effectsOnPods).length),
    slots: pLimit(input.maxParallel),
  };
  const asking = stopWhenAsked(run);
  try {
    const restarts = await surgeFirst(run);
    const departures = await evictAll(run, effects);
    return await finish(run, departures, restarts);
  } finally {
    stop.abort();
    await Promise.all([asking, live.close()]);
  }
}

async function evictAll(run: DrainRun, effects: readonly Effect[]): Promise<Departure[]> {
  const { criticalNamespaces } = run.context.clusterSettings;
  const pods = await run.view.pods();
  const departures: Departure[] = [];
  for (const tier of drainOrder(effects, { pods, criticalNamespaces })) {
    departures.push(...(await evictTier(run, tier)));
  }
  return departures;
}

/** Groups go side by side, so that one that waits for its budget does not hold up the others; slots bound the rest. */
async function evictTier(run: DrainRun, groups: readonly Group[]): Promise<Departure[]> {
  const ends = await Promise.allSettled(
    groups.map((group) => stopOnError(run, () => evictGroup(run, group))),
  );
  // With the first failure as its reason: by now none of the others is under way any more.
  run.signal.throwIfAborted();
  return ends.flatMap((end) => (end.status === 'fulfilled' ? end.value : []));
}

async function evictGroup(run: DrainRun, group: Group): Promise<Departure[]> {
  const departures: Departure[] = [];
  for (const effect of group) departures.push(await leaveNode(run, effect));
  return departures;
}

async function finish(
  run: DrainRun,
  departures: readonly Departure[],
  restarts: readonly Effect[],
): Promise<StepOutcome> {
  const { context, input } = run;
  const { leaving } = await remainingPods(context, input.node);
  const stuck = await awaitLeaving(run, leaving);
  const remaining = await remainingPods(context, input.node);
  const left = [...leftBehind(remaining), ...stuck];
  if (remaining.unapproved.length > 0) await tellUnapproved(run, remaining);
  left.push(...(await volumesLeft(run, remaining)));
  const evicted = departures.filter((departure) => departure !== 'gone before').length;
  const before = departures.length - evicted;
  const goneText = before > 0 ? `, ${before} had gone before` : '';
  return {
    summary: `${restartsInWords(restarts)}${counted(evicted, 'pod')} evicted from ${input.node}${goneText}`,
    changed: evicted + restarts.length > 0,
    left,
    outputs: {
      pods: evicted + restarts.flatMap(effectsOnPods).length,
      left: [...remaining.protectedPods, ...remaining.unapproved].map(podName),
    },
  };
}

function restartsInWords({ length }: readonly Effect[]): string {
  return length > 0 ? `${counted(length, 'Deployment')} with one pod restarted, ` : '';
}

function leftBehind({ protectedPods, unapproved }: RemainingPods): string[] {
  return [
    ...protectedPods.map((pod) => `${podName(pod)} was left alone on the node, as accepted`),
    ...unapproved.map((pod) => `${podName(pod)} is on the node and was not in the approved plan`),
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
  const node = await run.view.node();
  if (node === undefined || readinessOfNode(node) === 'Unknown') return [];
  const attached = await awaitVolumes(run, remaining.all);
  if (attached.length === 0) return [];
  const text = `volumes are still attached to ${input.node}: ${listed(attached)}`;
  await context.tell({ key: 'volumes-attached', level: 'warning', text });
  return [text];
}
