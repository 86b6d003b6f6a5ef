import { Budget as BudgetKind, Pod as PodKind } from '../model/kinds.ts';
import { conditionStatus, isRecord, isTerminating, withCondition } from '../model/objects.ts';
import type { Budget, Pod } from '../model/schemas.ts';
import { selects } from '../model/selectors.ts';
import { ApiError, badRequest, isConflict } from './api-error.ts';
import { chargeBudget, stillProcessing } from './budget-charge.ts';
import { type DeleteOptions, deleteObject } from './deletion.ts';
import type { Registry } from './registry.ts';

export interface EvictionRequest {
  readonly namespace: string;
  readonly name: string;
  readonly options: DeleteOptions;
}

const twoBudgets =
  'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.';

/**
 * Evicts a pod as the Eviction subresource does.
 * @throws ApiError 403 in a namespace that goes away, 404, 409 for another UID (after the budget was charged), 429 where
 *   the budget allows none, 500 for a pod under two budgets
 * @see https://github.com/kubernetes/kubernetes/blob/master/pkg/registry/core/pod/storage/eviction.go
 */
export function evict(registry: Registry, request: EvictionRequest): void {
  const { namespace, name, options } = request;
  registry.admitToNamespace(PodKind, name, namespace);
  const pod = registry.read(PodKind, name, namespace);
  if (ignoresBudgets(pod)) {
    markAndDelete(registry, pod, options);
    return;
  }
  const budgets = registry.store
    .list(BudgetKind, namespace)
    .filter((budget) => selects(budget.spec.selector, pod.metadata.labels));
  if (budgets.length > 1) throw new ApiError({ code: 500, message: twoBudgets });
  const [budget] = budgets;
  if (budget === undefined) markAndDelete(registry, pod, options);
  else evictUnderBudget(registry, { pod, budget, options });
}

/** Nothing is disrupted by deleting what does not run yet, has ended, or goes already. */
function ignoresBudgets(pod: Pod): boolean {
  const phase = pod.status?.phase ?? 'Pending';
  return ['Pending', 'Succeeded', 'Failed'].includes(phase) || isTerminating(pod);
}

function evictUnderBudget(
  registry: Registry,
  eviction: { pod: Pod; budget: Budget; options: DeleteOptions },
): void {
  const { pod, budget, options } = eviction;
  if (!isFreeToGo(pod, budget)) {
    chargeBudget(registry.store, budget, { pod, dryRun: options.dryRun === true });
    markAndDelete(registry, pod, options);
    return;
  }
  try {
    markAndDelete(registry, pod, options);
  } catch (error) {
    if (isConflict(error) && options.uid === undefined) throw stillProcessing(budget);
    throw error;
  }
}

/** An unready pod may go without charge where the policy says so, or where enough others are healthy. */
function isFreeToGo(pod: Pod, budget: Budget): boolean {
  if (conditionStatus(pod.status?.conditions, 'Ready') === 'True') return false;
  if (budget.spec.unhealthyPodEvictionPolicy === 'AlwaysAllow') return true;
  const { currentHealthy = 0, desiredHealthy = 0 } = budget.status ?? {};
  return desiredHealthy > 0 && currentHealthy >= desiredHealthy;
}

function markAndDelete(registry: Registry, pod: Pod, options: DeleteOptions): void {
  const { store } = registry;
  if (options.dryRun) {
    deleteObject(store, { kind: PodKind, object: pod }, options);
    return;
  }
  checkUid(pod, options.uid);
  const marked = store.change(pod, (draft) => {
    draft.status = {
      ...draft.status,
      conditions: withCondition(
        draft.status?.conditions,
        {
          type: 'DisruptionTarget',
          status: 'True',
          lastProbeTime: null,
          reason: 'EvictionByEvictionAPI',
          message: 'Eviction API: evicting',
        },
        store.timestamp(),
      ),
    };
  });
  deleteObject(
    store,
    { kind: PodKind, object: marked },
    { ...options, resourceVersion: undefined },
  );
}

function checkUid(pod: Pod, wanted: string | undefined): void {
  const { name, uid } = pod.metadata;
  if (wanted === undefined || wanted === uid) return;
  throw new ApiError({
    code: 409,
    reason: 'Conflict',
    message: `Operation cannot be fulfilled on Pod "${name}": the UID in the precondition (${wanted}) does not match the UID in record (${uid}). The object might have been deleted and then recreated`,
    details: { name, kind: 'Pod' },
  });
}

/** @throws ApiError 400 where the body names another pod than the path */
export function checkEvictionName(body: unknown, name: string): void {
  const metadata = isRecord(body) ? body['metadata'] : undefined;
  const given = isRecord(metadata) ? metadata['name'] : undefined;
  if (given !== undefined && given !== name) {
    throw badRequest('name in URL does not match name in Eviction object');
  }
}
