import { type Condition, withCondition } from '../model/objects.ts';
import type { Deployment, ReplicaSet } from '../model/schemas.ts';

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
  seen: { readonly sets: readonly ReplicaSet[]; readonly at: string },
): NonNullable<Deployment['status']> {
  const { sets, at } = seen;
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
  const complete = updated === wanted && available >= wanted && counts.replicas === wanted;
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
  const name = `ReplicaSet "${current[0]?.metadata.name ?? ''}"`;
  const progressing: Condition = {
    type: 'Progressing',
    status: 'True',
    reason: complete ? 'NewReplicaSetAvailable' : 'ReplicaSetUpdated',
    message: complete ? `${name} has successfully progressed.` : `${name} is progressing.`,
  };
  return {
    observedGeneration: deployment.metadata.generation ?? 1,
    ...Object.fromEntries(there),
    conditions: withUpdate(failure === undefined ? others : [...others, failure], progressing, at),
  };
}

/** A Deployment's conditions also say when their words last changed. */
function withUpdate(
  conditions: readonly Condition[] | undefined,
  condition: Condition,
  at: string,
): Condition[] {
  const before = conditions?.find(({ type }) => type === condition.type);
  const same =
    before?.status === condition.status &&
    before.reason === condition.reason &&
    before.message === condition.message;
  const lastUpdateTime = (same ? before['lastUpdateTime'] : undefined) ?? at;
  return withCondition(conditions, { ...condition, lastUpdateTime }, at);
}
