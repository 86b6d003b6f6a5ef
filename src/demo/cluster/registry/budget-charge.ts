import { withCondition } from '../model/objects.ts';
import type { Budget, Pod } from '../model/schemas.ts';
import type { Store } from '../storage/store.ts';
import { ApiError } from './api-error.ts';

const refusal = "Cannot evict pod as it would violate the pod's disruption budget.";
const maximumDisruptedPods = 2000;

function refused(message: string, retryAfterSeconds?: number): ApiError {
  return new ApiError({
    code: 429,
    reason: 'TooManyRequests',
    message: refusal,
    details: {
      causes: [{ reason: 'DisruptionBudget', message }],
      ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    },
  });
}

/** The controller has not seen this budget's newest spec yet, or the pod changed under our hands: ask again in 10 s. */
export function stillProcessing(budget: Budget): ApiError {
  return refused(
    `The disruption budget ${budget.metadata.name} is still being processed by the server.`,
    10,
  );
}

function forbidden(budget: Budget, why: string): ApiError {
  const { name } = budget.metadata;
  return new ApiError({
    code: 403,
    reason: 'Forbidden',
    message: `poddisruptionbudget.policy "${name}" is forbidden: ${why}`,
    details: { name, group: 'policy', kind: 'poddisruptionbudget' },
  });
}

/** What an eviction that gets no disruption is told. */
function denial(budget: Budget): string {
  const name = `The disruption budget ${budget.metadata.name}`;
  const { currentHealthy = 0, desiredHealthy = 0, conditions = [] } = budget.status ?? {};
  const condition = conditions.find((each) => each.type === 'DisruptionAllowed');
  const message = condition?.status === 'False' ? (condition.message ?? '') : '';
  if (message !== '' && condition?.reason === 'SyncFailed') {
    return `${name} does not allow evicting pods currently because it failed sync: ${message}`;
  }
  if (currentHealthy <= desiredHealthy) {
    return `${name} needs ${desiredHealthy} healthy pods and has ${currentHealthy} currently`;
  }
  if (message === '') return `${name} does not allow evicting pods currently`;
  return `${name} does not allow evicting pods currently (${condition?.reason}): ${message}`;
}

/**
 * Takes one disruption from the budget and notes the pod, ahead of the controller that counts.
 * @throws ApiError 429 where none is left, 403 where the numbers make no sense
 */
export function chargeBudget(
  store: Store,
  budget: Budget,
  charge: { readonly pod: Pod; readonly dryRun: boolean },
): void {
  const { status, metadata } = budget;
  if ((status?.observedGeneration ?? 0) < (metadata.generation ?? 1)) throw stillProcessing(budget);
  const allowed = status?.disruptionsAllowed ?? 0;
  if (allowed < 0) throw forbidden(budget, 'pdb disruptions allowed is negative');
  if (Object.keys(status?.disruptedPods ?? {}).length > maximumDisruptedPods) {
    const why = 'DisruptedPods map too big - too many evictions not confirmed by PDB controller';
    throw forbidden(budget, why);
  }
  if (allowed === 0) throw refused(denial(budget));
  if (charge.dryRun) return;
  const at = store.timestamp();
  store.change(budget, (draft) => {
    if (draft.status === undefined) return;
    draft.status.disruptionsAllowed = allowed - 1;
    const disrupted = draft.status.disruptedPods ?? {};
    draft.status.disruptedPods = { ...disrupted, [charge.pod.metadata.name]: at };
    if (allowed > 1) return;
    draft.status.conditions = withCondition(
      draft.status.conditions,
      {
        type: 'DisruptionAllowed',
        status: 'False',
        observedGeneration: status?.observedGeneration ?? 0,
        reason: 'InsufficientPods',
        message: '',
      },
      at,
    );
  });
}
