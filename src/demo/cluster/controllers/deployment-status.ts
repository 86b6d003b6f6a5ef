import { type Condition, withCondition } from '../model/objects.ts';
import type { Deployment, ReplicaSet } from '../model/schemas.ts';
import { progressOf, type Rollout } from './deployment-progress.ts';

function total(sets: readonly ReplicaSet[], field: string): number {
  let sum = 0;
  for (const set of sets) {
    const count = set.status?.[field];
    sum += typeof count === 'number' ? count : 0;
  }
  return sum;
}

export function deploymentStatus(
  deployment: Deployment,
  currentUid: string,
  seen: Pick<Rollout, 'now' | 'secondMs'> & {
    readonly sets: readonly ReplicaSet[];
    readonly at: string;
  },
): NonNullable<Deployment['status']> {
  const { sets, at, now, secondMs } = seen;
  const wanted = deployment.spec.replicas ?? 1;
  const current = sets.filter((set) => set.metadata.uid === currentUid);
  const updated = total(current, 'replicas');
  const available = total(sets, 'availableReplicas');
  const counts = {
    replicas: total(sets, 'replicas'),
    updatedReplicas: updated,
    readyReplicas: total(sets, 'readyReplicas'),
    availableReplicas: available,
    unavailableReplicas: Math.max(0, wanted - available),
  };
  const there = Object.entries(counts).filter(([, count]) => count > 0);
  const isComplete = updated === wanted && available >= wanted && counts.replicas === wanted;
  const enough = available >= wanted - Math.floor(wanted / 4);
  const availability: Condition = {
    type: 'Available',
    status: enough ? 'True' : 'False',
    reason: enough ? 'MinimumReplicasAvailable' : 'MinimumReplicasUnavailable',
    message: `Deployment ${enough ? 'has' : 'does not have'} minimum availability.`,
  };
  const conditions = withUpdate(deployment.status?.conditions, availability, at);
  const failure = current[0]?.status?.conditions?.find(({ type }) => type === 'ReplicaFailure');
  const others = conditions.filter(({ type }) => type !== 'ReplicaFailure');
  const setName = current[0]?.metadata.name ?? '';
  const progress = progressOf(deployment, { setName, counts, isComplete, now, secondMs });
  return {
    observedGeneration: deployment.metadata.generation ?? 1,
    ...Object.fromEntries(there),
    conditions: withUpdate(failure === undefined ? others : [...others, failure], progress, at),
  };
}

/** A Deployment's conditions also say when their words last changed, or a rollout last moved. */
function withUpdate(
  conditions: readonly Condition[] | undefined,
  { moved = false, ...condition }: Condition & { readonly moved?: boolean },
  at: string,
): Condition[] {
  const before = conditions?.find(({ type }) => type === condition.type);
  const same =
    before?.status === condition.status &&
    before.reason === condition.reason &&
    before.message === condition.message &&
    !moved;
  const lastUpdateTime = (same ? before['lastUpdateTime'] : undefined) ?? at;
  return withCondition(conditions, { ...condition, lastUpdateTime }, at);
}
