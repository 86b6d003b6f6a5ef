import type { Effect } from '../actions/action.ts';
import { effectWords } from '../actions/effect-words.ts';
import { suggestion } from '../did-you-mean.ts';
import { RunbookError } from '../errors.ts';
import { say, sentences } from '../language/text.ts';
import { SHUTTING_DOWN } from '../workflow/workflow.ts';
import { effectKey } from './effects.ts';

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
    const unknown = say('There is no cluster `{cluster}` in the settings.', { cluster });
    super('cluster_unknown', sentences([unknown, suggestion(cluster, known)]), {
      data: { cluster, known },
    });
  }
}

export class TargetBusyError extends RunbookError {
  /** `holder`: undefined where it has just ended. */
  constructor(target: string, cluster: string, holder: string | undefined) {
    const text =
      holder === undefined
        ? say('{target} in {cluster} was taken by a run that has just ended. Ask again.', {
            target,
            cluster,
          })
        : say(
            '{target} in {cluster} is taken by run {holder}: one run per target. Follow it with `/runbook status {holder}`, or stop it with `/runbook cancel {holder}` and ask again.',
            { target, cluster, holder },
          );
    super('target_busy', text, { data: { target, cluster, holder } });
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
      say(
        'Step {step} did not finish within {seconds} s. Look at what it waits for; run the runbook again to go on, or raise the timeout of the step.',
        { step: stepId, seconds: Math.round(timeoutMs / 1000) },
      ),
      { data: { stepId, timeoutMs } },
    );
  }
}

export class EffectNotApprovedError extends RunbookError {
  constructor(effect: Effect) {
    super(
      'effect_not_approved',
      say(
        '{effect} is not part of the approved plan, so it was not done. Run the runbook again to have it planned.',
        { effect: effectWords(effect) },
      ),
      { data: { effect: effectKey(effect) } },
    );
  }
}

export class NoApprovalRuleError extends RunbookError {
  constructor(runbook: string, cluster: string) {
    super(
      'approval_rule_missing',
      say(
        'Nobody may approve {runbook} in {cluster}: no rule under `approvals` in the settings matches. Add one with its groups or users, then ask again.',
        { runbook, cluster },
      ),
      { data: { runbook, cluster } },
    );
  }
}

/** The runbook was changed while one of its runs was under way. */
export class StepGoneError extends RunbookError {
  constructor(runbook: string, stepId: string) {
    super(
      'step_gone',
      say(
        'Runbook {runbook} has no step {step} any more: it was changed while it ran. Run it again to have it planned anew.',
        { runbook, step: stepId },
      ),
      { data: { runbook, stepId } },
    );
  }
}

/** The process is going down: the step has not ended, the next process goes on with it. */
export class ShuttingDownError extends RunbookError {
  constructor(stepId: string, options: { cause: unknown }) {
    super(
      SHUTTING_DOWN,
      say('Step {step} was cut off by a shutdown; it goes on when Handrail is back.', {
        step: stepId,
      }),
      options,
    );
  }
}
