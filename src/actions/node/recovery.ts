import { DisruptionBudget } from '../../kubernetes/resources/disruption-budget.ts';
import type { Effect } from '../action.ts';
import { budgetName, budgetNumbers } from '../budget-outlook.ts';
import { ownerText, readinessOf } from '../owners.ts';
import { WorkloadNotRecoveredError } from './drain-errors.ts';
import { type DrainRun, podText, waitUntil } from './drain-run.ts';
import type { RecoveryGoal } from './recovery-goal.ts';

/**
 * Waits until what an evicted pod belonged to stands as well as before.
 * @throws WorkloadNotRecoveredError (`workload_not_recovered`)
 */
export async function awaitRecovery(
  run: DrainRun,
  effect: Effect,
  goal: RecoveryGoal,
): Promise<void> {
  const { clock } = run.context;
  const since = clock.now();
  await waitUntil(run, async () => {
    const missing =
      (await missingPods(run, effect, goal)) ?? (await missingHealth(run, effect, goal));
    if (missing === undefined) return true;
    const waited = clock.now() - since;
    if (waited > run.input.podTimeout) {
      const workload = goal.owner ? ownerText(goal.owner) : `what ${podText(effect)} belonged to`;
      throw new WorkloadNotRecoveredError(workload, { waited, reason: missing });
    }
    await run.progress.waiting(podText(effect), `has left; ${missing}`);
    return undefined;
  });
}

/** In words; undefined when all are back. */
async function missingPods(
  { live }: DrainRun,
  { object }: Effect,
  { owner, ready }: RecoveryGoal,
): Promise<string | undefined> {
  if (owner === undefined || ready === undefined) return undefined;
  const now = await readinessOf(live, owner);
  if (now === undefined) return undefined;
  // What is known of its pods is from before the eviction: they cannot be counted yet.
  if (now.readyUids.has(object.uid)) return `${ownerText(owner)} still counts it`;
  // Scaled down meanwhile: no more is wanted than that.
  const wanted = Math.min(ready, now.desired ?? ready);
  if (now.ready >= wanted) return undefined;
  const why = now.unschedulable.length > 0 ? `; ${now.unschedulable[0]}` : '';
  return `${ownerText(owner)} has ${now.ready} of ${wanted} ready${why}`;
}

/** A watch of budgets tells nothing of whether it has come past this eviction, so its good news is read once more. */
async function missingHealth(
  { context, view }: DrainRun,
  effect: Effect,
  goal: RecoveryGoal,
): Promise<string | undefined> {
  const budget = await view.budget(effect);
  if (budget === undefined) return undefined;
  const known = whyUnhealthy(budget, effect, goal);
  if (known !== undefined) return known;
  const fresh = await context.cluster.find(DisruptionBudget, budget.metadata);
  return fresh && whyUnhealthy(fresh, effect, goal);
}

function whyUnhealthy(
  budget: DisruptionBudget,
  { object }: Effect,
  { healthy = Number.POSITIVE_INFINITY }: RecoveryGoal,
): string | undefined {
  const { metadata, status } = budget;
  const isCounted =
    status.observedGeneration >= (metadata.generation ?? 0) &&
    !(object.name in status.disruptedPods);
  const wanted = Math.min(healthy, status.desiredHealthy);
  if (isCounted && status.currentHealthy >= wanted) return undefined;
  return `budget ${budgetName(budget)}: ${budgetNumbers(budget)}`;
}
