import { Job as JobKind, Pod as PodKind } from '../model/kinds.ts';
import { type Condition, isTerminating } from '../model/objects.ts';
import type { Job } from '../model/schemas.ts';
import { deleteObject } from '../registry/deletion.ts';
import { type Controller, type ControlPlane, splitKey } from './controller.ts';
import { ownKeys } from './owner-keys.ts';
import { createPod, deletePod, isFinished, isReady } from './workload-pods.ts';

interface Ending {
  readonly type: 'Complete' | 'Failed';
  /** The condition that comes first, while pods may still be stopping. */
  readonly ahead: 'SuccessCriteriaMet' | 'FailureTarget';
  readonly reason: string;
  readonly message: string;
}

const complete: Ending = {
  type: 'Complete',
  ahead: 'SuccessCriteriaMet',
  reason: 'CompletionsReached',
  message: 'Reached expected number of succeeded pods',
};
const tooManyFailures: Ending = {
  type: 'Failed',
  ahead: 'FailureTarget',
  reason: 'BackoffLimitExceeded',
  message: 'Job has reached the specified backoff limit',
};
const tooLong: Ending = {
  type: 'Failed',
  ahead: 'FailureTarget',
  reason: 'DeadlineExceeded',
  message: 'Job was active longer than specified deadline',
};

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
      return endOf(job) === undefined ? proceed(plane, job) : expire(plane, job);
    },
  };
}

function endOf(job: Job): Condition | undefined {
  const conditions: Condition[] = job.status?.conditions ?? [];
  return conditions.find(
    ({ type, status }) => status === 'True' && (type === 'Complete' || type === 'Failed'),
  );
}

function countPods(plane: ControlPlane, job: Job) {
  const pods = plane.store.ownedBy(PodKind, job.metadata.uid);
  const inPhase = (phase: string) => pods.filter((pod) => pod.status?.phase === phase).length;
  return {
    active: pods.filter((pod) => !isFinished(pod) && !isTerminating(pod)).length,
    ready: pods.filter(isReady).length,
    succeeded: inPhase('Succeeded'),
    failed: inPhase('Failed'),
    terminating: pods.filter((pod) => !isFinished(pod) && isTerminating(pod)).length,
  };
}

/** Returns when the Job's deadline comes, in milliseconds. @throws ApiError where its pods are refused */
function proceed(plane: ControlPlane, job: Job): number | undefined {
  const leftMs = untilDeadline(plane, job);
  const ending = endingOf(plane, job, leftMs);
  try {
    if (ending === undefined) createMissing(plane, job);
    else if (ending.type === 'Failed') stopPods(plane, job);
  } finally {
    report(plane, job, ending);
  }
  return ending === undefined ? leftMs : undefined;
}

function untilDeadline(plane: ControlPlane, job: Job): number | undefined {
  const { activeDeadlineSeconds: seconds } = job.spec;
  if (seconds === undefined) return undefined;
  const started = Date.parse(String(job.status?.['startTime'] ?? plane.store.timestamp()));
  return started + seconds * plane.timings.secondMs - plane.store.clock.now();
}

function endingOf(plane: ControlPlane, job: Job, leftMs?: number): Ending | undefined {
  const { completions = 1, backoffLimit = 6 } = job.spec;
  const { succeeded, failed } = countPods(plane, job);
  if (succeeded >= completions) return complete;
  if (failed > backoffLimit || restartsOf(plane, job) >= Math.max(backoffLimit, 1)) {
    return tooManyFailures;
  }
  return leftMs !== undefined && leftMs <= 0 ? tooLong : undefined;
}

/** Where containers are restarted in their pods, each restart counts as a failure. */
function restartsOf(plane: ControlPlane, job: Job): number {
  if (job.spec.template.spec.restartPolicy !== 'OnFailure') return 0;
  let restarts = 0;
  for (const pod of plane.store.ownedBy(PodKind, job.metadata.uid)) {
    if (isFinished(pod)) continue;
    for (const { restartCount = 0 } of pod.status?.containerStatuses ?? [])
      restarts += restartCount;
  }
  return restarts;
}

function createMissing(plane: ControlPlane, job: Job): void {
  const { completions = 1, parallelism = 1 } = job.spec;
  const { active, succeeded } = countPods(plane, job);
  const missing = Math.min(parallelism, completions - succeeded) - active;
  for (let made = 0; made < missing; made += 1) createPod(plane, job);
}

function stopPods(plane: ControlPlane, job: Job): void {
  const pods = plane.store.ownedBy(PodKind, job.metadata.uid);
  for (const pod of pods) if (!isFinished(pod) && !isTerminating(pod)) deletePod(plane, pod);
}

function report(plane: ControlPlane, job: Job, ending: Ending | undefined): void {
  const { ready, terminating, ...counts } = countPods(plane, job);
  const now = plane.store.timestamp();
  const some = Object.entries(counts).filter(([, count]) => count > 0);
  plane.store.change(job, (draft) => {
    const { startTime = now, conditions } = draft.status ?? {};
    draft.status = {
      startTime,
      ...Object.fromEntries(some),
      ready,
      terminating,
      uncountedTerminatedPods: {},
      ...(ending?.type === 'Complete' ? { completionTime: now } : {}),
      ...(conditions === undefined ? {} : { conditions }),
    };
    if (ending !== undefined) draft.status.conditions = endConditions(ending, now);
  });
}

function endConditions(ending: Ending, now: string): Condition[] {
  const { reason, message } = ending;
  const when = { lastProbeTime: now, lastTransitionTime: now };
  return [ending.ahead, ending.type].map((type) => ({
    type,
    status: 'True',
    ...when,
    reason,
    message,
  }));
}

/** Returns when the Job's time to live is over, in milliseconds. */
function expire(plane: ControlPlane, job: Job): number | undefined {
  const seconds = job.spec.ttlSecondsAfterFinished;
  if (seconds === undefined) return undefined;
  const left =
    Date.parse(endOf(job)?.lastTransitionTime ?? '') +
    seconds * plane.timings.secondMs -
    plane.store.clock.now();
  if (left > 0) return left;
  deleteObject(plane.store, { kind: JobKind, object: job });
  return undefined;
}
