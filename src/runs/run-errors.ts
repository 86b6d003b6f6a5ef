import { didYouMean } from '../did-you-mean.ts';
import { RunbookError } from '../errors.ts';
import { say } from '../language/text.ts';
import { SHUTTING_DOWN } from '../workflow/workflow.ts';

export class UnknownRunError extends RunbookError {
  constructor(runId: string) {
    super(
      'run_unknown',
      say(
        'There is no run {runId}. See the active and recent ones with `/runbook status` or `handrail runs`.',
        { runId },
      ),
      {
        data: { runId },
      },
    );
  }
}

export class UnknownClusterError extends RunbookError {
  constructor(cluster: string, known: readonly string[]) {
    super(
      'cluster_unknown',
      `There is no cluster \`${cluster}\` in the settings${didYouMean(cluster, known)}`,
      {
        data: { cluster, known },
      },
    );
  }
}

export class TargetBusyError extends RunbookError {
  constructor(target: string, cluster: string, holder: string) {
    super(
      'target_busy',
      `${target} in ${cluster} is taken by run ${holder}: one run per target. Follow it with \`/runbook status ${holder}\`, or stop it with \`/runbook cancel ${holder}\` and ask again.`,
      { data: { target, cluster, holder } },
    );
  }
}

export class RunStoppedError extends RunbookError {
  constructor(by: string) {
    super('run_stopped', say('Stopped by {by}.', { by }), { data: { by } });
  }
}

export class StepTimeoutError extends RunbookError {
  constructor(stepId: string, timeoutMs: number) {
    super(
      'step_timeout',
      `Step ${stepId} did not finish within ${Math.round(timeoutMs / 1000)} s. Look at what it waits for; run the runbook again to go on, or raise the step's timeout.`,
      { data: { stepId, timeoutMs } },
    );
  }
}

export class EffectNotApprovedError extends RunbookError {
  constructor(effect: string) {
    super(
      'effect_not_approved',
      `${effect} is not part of the approved plan, so it was not done. Run the runbook again to have it planned.`,
      { data: { effect } },
    );
  }
}

export class NoApprovalRuleError extends RunbookError {
  constructor(runbook: string, cluster: string) {
    super(
      'approval_rule_missing',
      `Nobody may approve ${runbook} in ${cluster}: no rule under \`approvals\` in the settings matches. Add one with its groups or users, then ask again.`,
      { data: { runbook, cluster } },
    );
  }
}

/** The process is going down: the step has not ended, the next process goes on with it. */
export class ShuttingDownError extends RunbookError {
  constructor(stepId: string, options: { cause: unknown }) {
    super(
      SHUTTING_DOWN,
      `Step ${stepId} was cut off by a shutdown; it goes on when Handrail is back.`,
      options,
    );
  }
}
