import { RunbookError } from '../../errors.ts';
import { durationInWords } from '../words.ts';

/** Thrown before any call is made: no pod is left on the node that a restart would move. */
export class RestartNotNeededError extends RunbookError {
  constructor(deployment: string, why: string) {
    super('restart_not_needed', `Deployment ${deployment} was not restarted: ${why}`, {
      data: { deployment },
    });
  }
}

/** Thrown before any call is made: as the Deployment is now, a restart would not be what was approved. */
export class RestartNotPossibleError extends RunbookError {
  constructor(deployment: string, why: string) {
    super(
      'restart_not_possible',
      `Deployment ${deployment} was not restarted: it has changed since the plan, ${why}; its pod was left where it is, run again for a new plan`,
      { data: { deployment, why } },
    );
  }
}

/** The rollout is over, and yet the pod is where it was: going on could end it with its machine. */
export class PodNotMovedError extends RunbookError {
  constructor(pod: string, deployment: string) {
    super(
      'pod_not_moved',
      `pod ${pod} was not moved: Deployment ${deployment} was to bring up another in its place, and keeps it; somebody may have taken the restart back, see \`kubectl rollout history\`, then run again`,
      { data: { pod, deployment } },
    );
  }
}

/** The new pod does not become Ready. The old one is kept by the Deployment itself, so nothing is lost. */
export class RolloutTimeoutError extends RunbookError {
  constructor(
    deployment: string,
    { waited, reason, still }: { waited: number; reason: string; still: string },
  ) {
    super(
      'rollout_timeout',
      `Deployment ${deployment} was restarted, and its new pod is not Ready after ${durationInWords(waited)}: ${reason}; ${still}. Mend what holds the new pod up (or \`kubectl rollout undo\`) and run again; with \`surge: false\` the old pod is evicted first, and it is down meanwhile`,
      { data: { deployment, waited, reason } },
    );
  }
}
