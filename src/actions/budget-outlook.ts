import type { DisruptionBudget } from '../kubernetes/resources/disruption-budget.ts';
import { controllerOf } from '../kubernetes/resources/metadata.ts';
import type { Pod } from '../kubernetes/resources/pod.ts';
import { selects } from './label-selector.ts';
import { conditionOf, hasFinished, isReady, isTerminating } from './pod-state.ts';
import { listed } from './words.ts';

/** What a pod's disruption budgets say to its eviction: now, not now, or never. */
export type BudgetOutlook =
  /** No budget stands in the way; `budget` may name one that does not count here. */
  | { readonly status: 'free'; readonly why: string }
  | { readonly status: 'allows'; readonly budget: string; readonly allowed: number }
  | { readonly status: 'waits'; readonly budget: string; readonly why: string }
  /** Waiting will not help: somebody has to change something. */
  | {
      readonly status: 'never';
      readonly budget: string;
      readonly why: string;
      readonly wayOut: string;
    };

export function budgetName({ metadata }: Pick<DisruptionBudget, 'metadata'>): string {
  return `${metadata.namespace ?? 'default'}/${metadata.name}`;
}

/** `needs 2, has 2`: of healthy pods. */
export function budgetNumbers({ status }: Pick<DisruptionBudget, 'status'>): string {
  return `needs ${status.desiredHealthy} healthy, has ${status.currentHealthy}`;
}

/** The budgets of its namespace that cover a pod. */
export function budgetsOf(pod: Pod, budgets: readonly DisruptionBudget[]): DisruptionBudget[] {
  return budgets.filter(
    ({ metadata, spec }) =>
      metadata.namespace === pod.metadata.namespace && selects(spec.selector, pod.metadata.labels),
  );
}

/**
 * Foretells what the Eviction API would answer, and what it cannot tell: 429 means *not now* and *never* alike, only
 * the budget's own spec and counts tell them apart.
 * @param covering the budgets whose selector covers the pod
 * @see https://github.com/kubernetes/kubernetes/blob/master/pkg/registry/core/pod/storage/eviction.go
 */
export function outlookOf(pod: Pod, covering: readonly DisruptionBudget[]): BudgetOutlook {
  const [budget, second] = covering;
  if (budget === undefined) return { status: 'free', why: 'no disruption budget covers it' };
  const name = budgetName(budget);
  if (pod.status.phase === 'Pending' || hasFinished(pod) || isTerminating(pod)) {
    return { status: 'free', why: `budget ${name} does not apply to a pod that does not run` };
  }
  if (second !== undefined) return twoBudgets(covering);
  if (!isReady(pod)) {
    const unhealthy = outlookOfUnhealthy(budget);
    if (unhealthy !== undefined) return unhealthy;
  }
  return outlookOfBudget(pod, budget);
}

function twoBudgets(covering: readonly DisruptionBudget[]): BudgetOutlook {
  const names = listed(covering.map(budgetName));
  return {
    status: 'never',
    budget: names,
    why: `${covering.length} budgets cover it (${names}), and the Eviction API refuses such a pod for ever`,
    wayOut: 'change the selectors so that one budget covers it',
  };
}

function outlookOfUnhealthy(budget: DisruptionBudget): BudgetOutlook | undefined {
  const { spec, status } = budget;
  const name = budgetName(budget);
  switch (spec.unhealthyPodEvictionPolicy ?? 'IfHealthyBudget') {
    case 'AlwaysAllow':
      return { status: 'free', why: `it is not Ready, and budget ${name} lets such pods go` };
    case 'IfHealthyBudget': {
      const healthy = status.desiredHealthy > 0 && status.currentHealthy >= status.desiredHealthy;
      if (!healthy) return undefined;
      return { status: 'free', why: `it is not Ready, and budget ${name} is kept without it` };
    }
    default:
      return {
        status: 'never',
        budget: name,
        why: `budget ${name} has an unhealthyPodEvictionPolicy that is not known here (${spec.unhealthyPodEvictionPolicy})`,
        wayOut: 'evict this pod by hand, or set a known policy',
      };
  }
}

function outlookOfBudget(pod: Pod, budget: DisruptionBudget): BudgetOutlook {
  const { metadata, status } = budget;
  const name = budgetName(budget);
  const condition = conditionOf(status.conditions, 'DisruptionAllowed');
  if (condition?.reason === 'SyncFailed') {
    return {
      status: 'never',
      budget: name,
      why: `budget ${name} cannot be computed (${condition.message || 'SyncFailed'}), so it allows nothing`,
      wayOut: 'repair its selector, or the owner of the pods that it covers',
    };
  }
  if (status.observedGeneration < (metadata.generation ?? 0)) {
    return {
      status: 'waits',
      budget: name,
      why: `budget ${name} to be counted again: it was changed`,
    };
  }
  if (status.disruptionsAllowed > 0) {
    return { status: 'allows', budget: name, allowed: status.disruptionsAllowed };
  }
  const never = whyNever(budget) ?? whyUncounted(pod, budget);
  if (never !== undefined) {
    const wayOut = 'scale the workload up, or let its owner relax the budget';
    return { status: 'never', budget: name, why: `budget ${name} ${never}`, wayOut };
  }
  return { status: 'waits', budget: name, why: `budget ${name}: ${budgetNumbers(budget)}` };
}

/** The spec leaves no room even when every pod is healthy. */
function whyNever({ spec, status }: DisruptionBudget): string | undefined {
  const { maxUnavailable, minAvailable } = spec;
  const { expectedPods, desiredHealthy } = status;
  if (maxUnavailable === 0 || maxUnavailable === '0%') {
    return `has maxUnavailable ${maxUnavailable}: it never allows a disruption`;
  }
  if (minAvailable === '100%') return 'has minAvailable 100%: it never allows a disruption';
  if (expectedPods === 0) return undefined;
  const required = minAvailable === undefined ? desiredHealthy : scaled(minAvailable, expectedPods);
  if (required < expectedPods) return undefined;
  const written = minAvailable === undefined ? '' : ` (minAvailable ${minAvailable})`;
  return `needs ${required} healthy${written} and there are only to be ${expectedPods}: it never allows a disruption`;
}

/** Only a plain minAvailable counts pods themselves; everything else counts what their controllers are to have. */
function whyUncounted(pod: Pod, { spec, status }: DisruptionBudget): string | undefined {
  const isPlain = typeof spec.minAvailable === 'number';
  if (isPlain || status.expectedPods > 0 || controllerOf(pod.metadata)) return undefined;
  return 'counts no pod without a controller: it never allows a disruption of one';
}

/** A percentage is rounded up, as the disruption controller does. */
function scaled(value: number | string, expected: number): number {
  if (typeof value === 'number') return value;
  return Math.ceil((Number.parseFloat(value) * expected) / 100);
}
