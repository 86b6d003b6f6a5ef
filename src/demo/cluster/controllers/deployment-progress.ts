import type { Condition } from '../model/objects.ts';
import type { Deployment } from '../model/schemas.ts';

/** How far a rollout has come, as the status counts it. */
interface RolloutCounts {
  readonly replicas: number;
  readonly updatedReplicas: number;
  readonly readyReplicas: number;
  readonly availableReplicas: number;
}

export interface Rollout {
  /** Of its current ReplicaSet; empty while a pause keeps it from being made. */
  readonly setName: string;
  readonly counts: RolloutCounts;
  readonly isComplete: boolean;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly secondMs: number;
}

/** The condition Progressing; `moved` where the rollout has come further, which gives it its whole deadline again. */
export function progressOf(
  deployment: Deployment,
  rollout: Rollout,
): Condition & { readonly moved: boolean } {
  const name = `ReplicaSet "${rollout.setName}"`;
  const moved = hasMoved(deployment, rollout.counts);
  const progress = { type: 'Progressing', status: 'True', moved };
  if (deployment.spec.paused) {
    const message = 'Deployment is paused';
    return { ...progress, status: 'Unknown', reason: 'DeploymentPaused', message };
  }
  if (rollout.isComplete) {
    const message = `${name} has successfully progressed.`;
    return { ...progress, reason: 'NewReplicaSetAvailable', message };
  }
  if (!moved && isTimedOut(deployment, rollout)) {
    const message = `${name} has timed out progressing.`;
    return { ...progress, status: 'False', reason: 'ProgressDeadlineExceeded', message };
  }
  return { ...progress, reason: 'ReplicaSetUpdated', message: `${name} is progressing.` };
}

/** Until a rollout that does not come any further has timed out, in milliseconds. */
export function untilDeadline(
  deployment: Deployment,
  { now, secondMs }: Pick<Rollout, 'now' | 'secondMs'>,
): number | undefined {
  const before = progressBefore(deployment);
  const { progressDeadlineSeconds: seconds } = deployment.spec;
  if (before?.reason !== 'ReplicaSetUpdated' || seconds === undefined) return undefined;
  return Math.max(0, Date.parse(String(before['lastUpdateTime'])) + seconds * secondMs - now);
}

function isTimedOut(deployment: Deployment, rollout: Rollout): boolean {
  const before = progressBefore(deployment);
  if (!before?.message?.includes(`"${rollout.setName}"`)) return false;
  return before.reason === 'ProgressDeadlineExceeded' || untilDeadline(deployment, rollout) === 0;
}

function progressBefore({ status }: Deployment): Condition | undefined {
  return status?.conditions?.find(({ type }) => type === 'Progressing');
}

function hasMoved({ status }: Deployment, now: RolloutCounts): boolean {
  const before = (field: keyof RolloutCounts) => Number(status?.[field] ?? 0);
  const oldBefore = before('replicas') - before('updatedReplicas');
  return (
    now.updatedReplicas > before('updatedReplicas') ||
    now.replicas - now.updatedReplicas < oldBefore ||
    now.readyReplicas > before('readyReplicas') ||
    now.availableReplicas > before('availableReplicas')
  );
}
