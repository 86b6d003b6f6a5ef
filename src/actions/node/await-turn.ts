import { DisruptionBudget } from '../../kubernetes/resources/disruption-budget.ts';
import type { Effect } from '../action.ts';
import { type BudgetOutlook, budgetsOf, outlookOf } from '../budget-outlook.ts';
import { isTerminating } from '../pod-state.ts';
import { DrainTimeoutError, EvictionNeverError } from './drain-errors.ts';
import { checkpoint, type DrainRun, findPod, podText } from './drain-run.ts';

/** A watch tells of changes at once; this is for the case that it misses one. */
const LOOK_AGAIN_MS = 10_000;

/**
 * Waits until the pod's budget would let it go, or the pod is gone. Nothing is asked of the Eviction API meanwhile.
 * @param since epoch milliseconds at which this pod began to wait
 * @throws DrainTimeoutError (`drain_timeout`), EvictionNeverError (`eviction_never`)
 */
export async function awaitTurn(run: DrainRun, effect: Effect, since: number): Promise<void> {
  for (;;) {
    await checkpoint(run);
    const outlook = await outlookNow(run, effect);
    if (outlook === undefined || outlook.status === 'free' || outlook.status === 'allows') return;
    if (outlook.status === 'never') throw new EvictionNeverError(podText(effect), outlook);
    await tellWaiting(run, effect, outlook.why);
    checkDeadline(run, effect, { since, reason: outlook.why });
    await run.wake.wait(LOOK_AGAIN_MS);
  }
}

/** @throws DrainTimeoutError (`drain_timeout`) */
export function checkDeadline(
  { context, input }: DrainRun,
  effect: Effect,
  { since, reason }: { since: number; reason: string },
): void {
  const waited = context.clock.now() - since;
  if (waited > input.podTimeout) throw new DrainTimeoutError(podText(effect), { waited, reason });
}

/** In the timeline once for each pod, and in the live line with the numbers of the moment. */
export async function tellWaiting(
  { context, progress }: DrainRun,
  effect: Effect,
  why: string,
): Promise<void> {
  await progress.waiting(podText(effect), `waits for ${why}`);
  await context.tell({
    key: `waits-${effect.object.uid}`,
    text: `${podText(effect)} waits for ${why}`,
  });
}

/** Undefined where the pod has gone or goes already: no budget is in its way then. */
async function outlookNow(
  { context }: DrainRun,
  effect: Effect,
): Promise<BudgetOutlook | undefined> {
  const pod = await findPod(context, effect);
  if (pod === undefined || isTerminating(pod)) return undefined;
  const { namespace = 'default' } = effect.object;
  const budgets = await context.cluster.list(DisruptionBudget, { namespace });
  return outlookOf(pod, budgetsOf(pod, budgets));
}
