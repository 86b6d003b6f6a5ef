import type { Text } from '../language/text.ts';
import { inEnglish } from '../language/translate.ts';
import type { Run, RunEnd, RunOutcome, StepState } from './run.ts';

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

function summary(run: Run, end: RunEnd): string {
  const what = `${run.runbookTitle}, ${run.target.replace('/', ' ')} in ${run.cluster},`;
  switch (end) {
    case 'succeeded':
      return `${what} succeeded: ${doneSteps(run)}.`;
    case 'failed':
      return `${what} failed: ${run.failure?.message ?? 'see the timeline.'}${untouched(run)}`;
    case 'rejected':
      return `${what} was rejected by ${decider(run)}. ${changedSoFar(run)}`;
    case 'expired':
      return `${what} expired: nobody decided in time. ${changedSoFar(run)}`;
    case 'cancelled':
      return `${what} was stopped by ${run.stopRequestedBy?.name ?? 'somebody'}. ${changedSoFar(run)}`;
    case 'withdrawn':
      return `${what} was withdrawn. ${changedSoFar(run)}`;
    case 'nothing_to_do':
      return `${what} has nothing to do. ${run.plan?.steps.map((step) => step.skip ?? step.summary).join(' ') ?? ''}`;
    case 'planned':
      return `${what} is planned only. Nothing was changed.`;
  }
}

function decider(run: Run): string {
  const approval = run.approvals.at(-1);
  const reason = approval?.reason ? ` (${approval.reason})` : '';
  return `${approval?.decidedBy?.name ?? 'an approver'}${reason}`;
}

function doneSteps(run: Run): string {
  const done = run.steps.filter((step) => step.status === 'done' && step.summary);
  return done.map(({ summary: text = '' }) => inEnglish(text).replace(/[.]$/, '')).join('; ');
}

function untouched({ steps }: Run): string {
  return steps.some((step) => step.startedAt !== undefined) ? '' : ' Nothing was changed.';
}

function changedSoFar(run: Run): string {
  const changing = new Set(
    run.plan?.steps.filter((step) => step.effects.length > 0).map(({ id }) => id),
  );
  const begun = run.steps.filter((step) => changing.has(step.id) && step.startedAt !== undefined);
  if (begun.length === 0) return 'Nothing was changed.';
  return `Begun until then: ${begun.map(begunWords).join(', ')}.`;
}

/** The plan itself said no, and its way out is part of the reason. */
function neverPossible({ plan, steps }: Run): boolean {
  const begun = steps.some((step) => step.startedAt !== undefined);
  return !begun && plan?.blockers.some((blocker) => blocker.exception === undefined) === true;
}

/** `drain (3 of 10 pods)`: how far it came, where it says. */
function begunWords({ title, progress, status }: StepState): string {
  const name = inEnglish(title).toLowerCase();
  if (progress === undefined || status === 'done') return name;
  return `${name} (${progress.done} of ${progress.total} ${progress.unit})`;
}

function nextStep(run: Run, end: RunEnd): string | undefined {
  const again = `/runbook ${run.runbook} ${run.target.slice(run.target.indexOf('/') + 1)} --cluster ${run.cluster}`;
  if (end === 'failed') {
    return neverPossible(run) ? undefined : `Mend what it names, then plan again: \`${again}\``;
  }
  if (end === 'expired') return `If it is still needed, ask again: \`${again}\``;
  if (end === 'cancelled' && run.steps.some((step) => step.startedAt !== undefined)) {
    return `To go on from where it stands: \`${again}\``;
  }
  return undefined;
}
