import { clauses, say, sentences, type Text } from '../language/text.ts';
import type { Run, RunEnd, RunOutcome, StepState } from './run.ts';
import { runNamed } from './run-words.ts';

/** A run's end in words: what happened and why, what was taken back, what is left, what to do next. */
export function describeEnd(run: Run, end: RunEnd): RunOutcome {
  const undone = run.steps.flatMap((step) => (step.undo?.changed ? [step.undo.summary] : []));
  const left = run.steps.flatMap((step) => [...stayed(step, end), ...(step.undo?.left ?? [])]);
  const next = nextStep(run, end);
  return { summary: summary(run, end), undone, left, ...(next && { next }) };
}

/** What a skipped step leaves, it leaves of a success: otherwise the steps before it were taken back. */
function stayed({ status, left }: StepState, end: RunEnd): readonly Text[] {
  return status === 'skipped' && end !== 'succeeded' ? [] : left;
}

function summary(run: Run, end: RunEnd): Text {
  const what = runNamed(run);
  switch (end) {
    case 'succeeded':
      return succeeded(run, what);
    case 'failed':
      return failed(run, what);
    case 'rejected':
      return sentences([rejected(run, what), changedSoFar(run)]);
    case 'expired':
      return sentences([
        say('{run}, expired: nobody decided in time.', { run: what }),
        changedSoFar(run),
      ]);
    case 'cancelled': {
      const by = run.stopRequestedBy?.name ?? say('somebody');
      return sentences([say('{run}, was stopped by {by}.', { run: what, by }), changedSoFar(run)]);
    }
    case 'withdrawn':
      return sentences([say('{run}, was withdrawn.', { run: what }), changedSoFar(run)]);
    case 'nothing_to_do':
      return nothingToDo(run, what);
    case 'planned':
      return say('{run}, is planned only. Nothing was changed.', { run: what });
  }
}

function succeeded({ steps }: Run, run: Text): Text {
  const done = steps.flatMap((step) =>
    step.status === 'done' && step.summary ? [step.summary] : [],
  );
  if (done.length === 0) return say('{run}, succeeded.', { run });
  return say('{run}, succeeded: {what}.', { run, what: clauses(done) });
}

/** What failed says itself whether it ends with a full stop, so that nothing is said behind it. */
function failed({ failure, steps }: Run, run: Text): Text {
  const why = failure?.message ?? say('see the timeline.');
  return hasBegun(steps)
    ? say('{run}, failed: {why}', { run, why })
    : say('{run}, failed and changed nothing: {why}', { run, why });
}

function rejected({ approvals }: Run, run: Text): Text {
  const { decidedBy, reason } = approvals.at(-1) ?? {};
  const by = decidedBy?.name ?? say('an approver');
  return reason
    ? say('{run}, was rejected by {by} ({reason}).', { run, by, reason })
    : say('{run}, was rejected by {by}.', { run, by });
}

function nothingToDo({ plan }: Run, run: Text): Text {
  const why = clauses((plan?.steps ?? []).map(({ skip, summary: text }) => skip ?? text));
  if (why === '') return say('{run}, has nothing to do.', { run });
  return say('{run}, has nothing to do: {why}.', { run, why });
}

function hasBegun(steps: readonly StepState[]): boolean {
  return steps.some((step) => step.startedAt !== undefined);
}

function changedSoFar(run: Run): Text {
  const changing = new Set(
    run.plan?.steps.filter((step) => step.effects.length > 0).map(({ id }) => id),
  );
  const begun = run.steps.filter((step) => changing.has(step.id) && step.startedAt !== undefined);
  if (begun.length === 0) return say('Nothing was changed.');
  return say('Begun until then: {steps}.', { steps: begun.map(begunWords) });
}

/** The plan itself said no, and its way out is part of the reason. */
function neverPossible({ plan, steps }: Run): boolean {
  if (hasBegun(steps)) return false;
  return plan?.blockers.some((blocker) => blocker.exception === undefined) === true;
}

/** `Drain (3 of 10 pods)`: how far it came, where it says. */
function begunWords({ title, progress, status }: StepState): Text {
  if (progress === undefined || status === 'done') return title;
  const { done, total, unit } = progress;
  return say('{title} ({done} of {total} {unit})', { title, done, total, unit });
}

function nextStep(run: Run, end: RunEnd): Text | undefined {
  const command = `/runbook ${run.runbook} ${run.target.slice(run.target.indexOf('/') + 1)} --cluster ${run.cluster}`;
  if (end === 'failed') {
    if (neverPossible(run)) return undefined;
    return say('Mend what it names, then plan again: `{command}`', { command });
  }
  if (end === 'expired') return say('If it is still needed, ask again: `{command}`', { command });
  if (end === 'cancelled' && hasBegun(run.steps)) {
    return say('To go on from where it stands: `{command}`', { command });
  }
  return undefined;
}
