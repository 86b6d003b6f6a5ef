import { Job as JobKind, Pod as PodKind } from '../model/kinds.ts';
import { type Condition, isTerminating, timestamp, withCondition } from '../model/objects.ts';
import type { Job } from '../model/schemas.ts';
import { deleteObject } from '../registry/deletion.ts';
import { type Controller, type ControlPlane, splitKey } from './controller.ts';
import { ownKeys } from './owner-keys.ts';
import { createPod, isFinished } from './workload-pods.ts';

interface Count {
  readonly active: number;
  readonly succeeded: number;
  readonly failed: number;
}

/** Runs each Job's pods until enough have succeeded, or too many failed; then, with a TTL, deletes the Job. */
export function createJobs(plane: ControlPlane): Controller {
  const { store, timings } = plane;
  return {
    delayMs: timings.controllerMs,
    kinds: [JobKind],
    keysOf: (change) => ownKeys(JobKind, change),
    reconcile: (key) => {
      const { namespace, name } = splitKey(key);
      const job = store.get(JobKind, name, namespace);
      if (job === undefined || isTerminating(job)) return undefined;
      if (endOf(job) !== undefined) return expire(plane, job);
      proceed(plane, job);
      return undefined;
    },
  };
}

function endOf(job: Job): Condition | undefined {
  const conditions: Condition[] = job.status?.conditions ?? [];
  return conditions.find(
    ({ type, status }) => status === 'True' && (type === 'Complete' || type === 'Failed'),
  );
}

function countPods(plane: ControlPlane, job: Job): Count {
  const pods = plane.store.ownedBy(PodKind, job.metadata.uid);
  const inPhase = (phase: string) => pods.filter((pod) => pod.status?.phase === phase).length;
  const active = pods.filter((pod) => !isFinished(pod) && !isTerminating(pod)).length;
  return { active, succeeded: inPhase('Succeeded'), failed: inPhase('Failed') };
}

function proceed(plane: ControlPlane, job: Job): void {
  const { completions = 1, parallelism = 1, backoffLimit = 6 } = job.spec;
  const count = countPods(plane, job);
  const complete = count.succeeded >= completions;
  const failed = count.failed > backoffLimit;
  const missing = Math.min(parallelism, completions - count.succeeded) - count.active;
  if (!complete && !failed) for (let made = 0; made < missing; made += 1) createPod(plane, job);
  report(plane, job, { complete, failed });
}

function report(
  plane: ControlPlane,
  job: Job,
  end: { readonly complete: boolean; readonly failed: boolean },
): void {
  const { active, succeeded, failed } = countPods(plane, job);
  const now = timestamp();
  const counts = Object.entries({ active, succeeded, failed }).filter(([, count]) => count > 0);
  plane.store.change(job, (draft) => {
    const { startTime = now, conditions } = draft.status ?? {};
    draft.status = {
      startTime,
      ...Object.fromEntries(counts),
      ...(end.complete ? { completionTime: now } : {}),
      ...(conditions === undefined ? {} : { conditions }),
    };
    if (end.complete) addEnd(draft, { type: 'Complete', reason: 'CompletionsReached' });
    else if (end.failed) addEnd(draft, { type: 'Failed', reason: 'BackoffLimitExceeded' });
  });
}

function addEnd(job: Job, end: { readonly type: string; readonly reason: string }): void {
  const message =
    end.type === 'Complete'
      ? 'Reached expected number of succeeded pods'
      : 'Job has reached the specified backoff limit';
  const conditions = withCondition(job.status?.conditions, { ...end, status: 'True', message });
  job.status = { ...job.status, conditions };
}

/** Returns when the Job's time to live is over, in milliseconds. */
function expire(plane: ControlPlane, job: Job): number | undefined {
  const seconds = job.spec.ttlSecondsAfterFinished;
  if (seconds === undefined) return undefined;
  const left =
    Date.parse(endOf(job)?.lastTransitionTime ?? '') +
    seconds * plane.timings.secondMs -
    Date.now();
  if (left > 0) return left;
  deleteObject(plane.store, { kind: JobKind, object: job });
  return undefined;
}
