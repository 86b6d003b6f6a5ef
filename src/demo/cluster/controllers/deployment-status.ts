import { type Condition, timestamp, withCondition } from '../model/objects.ts';
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
  sets: readonly ReplicaSet[],
): NonNullable<Deployment['status']> {
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
  const conditions = withUpdate(deployment.status?.conditions, {
    type: 'Available',
    status: enough ? 'True' : 'False',
    reason: enough ? 'MinimumReplicasAvailable' : 'MinimumReplicasUnavailable',
    message: `Deployment ${enough ? 'has' : 'does not have'} minimum availability.`,
  });
  const failure = current[0]?.status?.conditions?.find(({ type }) => type === 'ReplicaFailure');
  const others = conditions.filter(({ type }) => type !== 'ReplicaFailure');
  const name = `ReplicaSet "${current[0]?.metadata.name ?? ''}"`;
  return {
    observedGeneration: deployment.metadata.generation ?? 1,
    ...Object.fromEntries(there),
    conditions: withUpdate(failure === undefined ? others : [...others, failure], {
      type: 'Progressing',
      status: 'True',
      reason: complete ? 'NewReplicaSetAvailable' : 'ReplicaSetUpdated',
      message: complete ? `${name} has successfully progressed.` : `${name} is progressing.`,
    }),
  };
}

/** A Deployment's conditions also say when their words last changed. */
function withUpdate(conditions: readonly Condition[] | undefined, condition: Condition) {
  const before = conditions?.find(({ type }) => type === condition.type);
  const same =
    before?.status === condition.status &&
    before.reason === condition.reason &&
    before.message === condition.message;
  const lastUpdateTime = (same ? before['lastUpdateTime'] : undefined) ?? timestamp();
  return withCondition(conditions, { ...condition, lastUpdateTime });
}
