import { RunbookError } from '../../errors.ts';
import { durationInWords } from '../words.ts';

/** A pod waited for its turn longer than it may. Safe to run again. */
export class DrainTimeoutError extends RunbookError {
  constructor(pod: string, { waited, reason }: { waited: number; reason: string }) {
    super(
      'drain_timeout',
      `pod ${pod} was not evicted within ${durationInWords(waited)}: ${reason}; see why its workload has no more healthy pods, scale it up, or run again with a longer podTimeout`,
      { data: { pod, waited, reason } },
    );
  }
}

/** Waiting would not help: no time makes this eviction possible. */
export class EvictionNeverError extends RunbookError {
  constructor(pod: string, { why, wayOut }: { why: string; wayOut: string }) {
    super('eviction_never', `pod ${pod} can never be evicted: ${why}; ${wayOut}`, {
      data: { pod, why },
    });
  }
}

export class EvictionRefusedError extends RunbookError {
  constructor(pod: string, cause: Error) {
    super(
      'eviction_refused',
      `pod ${pod} was not evicted, and asking again would not help: ${cause.message}`,
      {
        cause,
        data: { pod },
      },
    );
  }
}

export function whyStuck(finalizers: readonly string[]): string {
  return finalizers.length > 0
    ? `it waits for its finalizers ${finalizers.join(', ')}; see what their owner waits for`
    : 'see the events of the pod and the log of the kubelet';
}

/** The kubelet lives, and yet the pod does not go. */
export class PodStuckError extends RunbookError {
  constructor(
    pod: string,
    { waited, finalizers }: { waited: number; finalizers: readonly string[] },
  ) {
    super(
      'pod_stuck',
      `pod ${pod} is still Terminating ${durationInWords(waited)} after its eviction: ${whyStuck(finalizers)}`,
      {
        data: { pod, waited, finalizers },
      },
    );
  }
}

/** Going on would take the next pod from a workload that is already short of one. */
export class WorkloadNotRecoveredError extends RunbookError {
  constructor(workload: string, { waited, reason }: { waited: number; reason: string }) {
    super(
      'workload_not_recovered',
      `${workload} has not recovered within ${durationInWords(waited)}: ${reason}; the drain stops here, look at its pods before it goes on`,
      { data: { workload, waited, reason } },
    );
  }
}

export class NodeNotCordonedError extends RunbookError {
  constructor(node: string) {
    super(
      'node_not_cordoned',
      `node ${node} takes pods again, so evicted pods may come straight back: somebody lifted the cordon; find out who, then run again`,
      { data: { node } },
    );
  }
}

/** Thrown before any call is made: the pod that was to be evicted is not there any more. */
export class PodGoneError extends RunbookError {
  constructor(pod: string) {
    super('pod_gone', `pod ${pod} is gone already`, { data: { pod } });
  }
}
