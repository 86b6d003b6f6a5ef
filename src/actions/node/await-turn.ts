import type { Effect } from '../action.ts';
import { type BudgetOutlook, budgetsOf, outlookOf } from '../budget-outlook.ts';
import { isTerminating } from '../pod-state.ts';
import { DrainTimeoutError, EvictionNeverError } from './drain-errors.ts';
import { type DrainRun, podText, waitUntil } from './drain-run.ts';

/**
 * Waits until the pod's budget would let it go, or the pod is gone. Nothing is asked of the Eviction API meanwhile.
 * @param since epoch milliseconds at which this pod began to wait
 * @throws DrainTimeoutError (`drain_timeout`), EvictionNeverError (`eviction_never`)
 */
export async function awaitTurn(run: DrainRun, effect: Effect, since: number): Promise<void> {
  let isTold = false;
  await waitUntil(run, async () => {
    const outlook = await outlookNow(run, effect);
    if (outlook === undefined || outlook.status === 'free' || outlook.status === 'allows') {
      return true;
    }
    if (outlook.status === 'never') throw new EvictionNeverError(podText(effect), outlook);
    if (isTold) await showWaiting(run, effect, outlook.why);
    else await tellWaiting(run, effect, outlook.why);
    isTold = true;
    checkDeadline(run, effect, { since, reason: outlook.why });
    return undefined;
  });
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
export async function tellWaiting(run: DrainRun, effect: Effect, why: string): Promise<void> {
  await showWaiting(run, effect, why);
  await run.context.tell({
    key: `waits-${effect.object.uid}`,
    text: `${podText(effect)} waits for ${why}`,
  });
}

function showWaiting({ progress }: DrainRun, effect: Effect, why: string): Promise<void> {
  return progress.waiting(podText(effect), `waits for ${why}`);
}

/** Undefined where the pod has gone or goes already: no budget is in its way then. */
async function outlookNow({ view }: DrainRun, effect: Effect): Promise<BudgetOutlook | undefined> {
  const pod = await view.pod(effect);
  if (pod === undefined || isTerminating(pod)) return undefined;
  const budgets = await view.budgets(effect.object.namespace ?? 'default');
  return outlookOf(pod, budgetsOf(pod, budgets));
}
