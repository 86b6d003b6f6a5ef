import { say } from '../../language/text.ts';
import type { Translate } from '../../language/translate.ts';
import type {
  ShownFailure,
  ShownPlan,
  ShownPlannedStep,
  ShownRun,
  ShownStepState,
} from '../../runs/shown-run.ts';
import { line, moment, personName } from './mrkdwn.ts';
import { stepWords } from './plan-facts.ts';
import { runFace, stepFace } from './status-words.ts';

/** What a run acts on, as people type it: `kr-b-2` for `node/kr-b-2`. Plain text. */
export function targetName({ target }: Pick<ShownRun, 'target'>): string {
  return target.replace(/^((node|namespace|image|workload)\/|[^/]+\/(?=[^/]+$))/, '');
}

/** The names by which a run is spoken of. Plain text. */
export function runName(run: Pick<ShownRun, 'runbook' | 'target'>): string {
  return `${run.runbook} ${targetName(run)}`;
}

/** Where buttons say which run, and which gate of it, they are about. */
export function runValue(run: Pick<ShownRun, 'id'>, gate?: number): string {
  return JSON.stringify(gate === undefined ? { runId: run.id } : { runId: run.id, gate });
}

/** `▶️ Running: step 2 of 4`. mrkdwn. */
export function statusLine(t: Translate, run: ShownRun): string {
  const { sign, words } = runFace(run.status);
  const said = `${sign} ${t(words)}`;
  if (run.status === 'planned' && run.plan && run.plan.blockers.length > 0) {
    return t(say('{status}; the plan is blocked', { status: said }));
  }
  const position = run.status === 'running' ? `: ${stepPosition(t, run)}` : '';
  const deadline = run.status === 'awaiting_approval' ? ` ${untilWhen(t, run)}` : '';
  const by = run.stopRequestedBy;
  const stopping =
    by && (run.status === 'running' || run.status === 'undoing')
      ? ` (${t(say('{person} asked to stop', { person: personName(t, by) }))})`
      : '';
  return `${said}${position}${deadline}${stopping}`.trimEnd();
}

function untilWhen(t: Translate, { approvals }: ShownRun): string {
  const pending = approvals.find((approval) => approval.status === 'pending');
  if (!pending) return '';
  return t(say('until {at}; without it nothing is done', { at: moment(pending.expiresAt) }));
}

function stepPosition(t: Translate, run: ShownRun): string {
  const total = run.steps.length;
  const index = run.steps.findIndex((step) => step.status === 'running');
  if (index !== -1) return t(say('step {number} of {total}', { number: index + 1, total }));
  const next = run.steps.findIndex((step) => step.status === 'pending');
  if (next === -1) return t(say('the end is near'));
  return t(say('step {number} of {total} begins', { number: next + 1, total }));
}

/** One line for a step: sign, words, and where it stands. mrkdwn. */
export function stepStateLine(t: Translate, step: ShownStepState, plan?: ShownPlan): string {
  const { sign, words } = stepFace(step);
  const planned = plan?.steps.find(({ id }) => id === step.id);
  if (step.status === 'pending' && planned) {
    if (planned.skip) return skipWords(t, planned);
    return `${sign} ${stepWords(t, planned)} · ${t(words)}`;
  }
  const detail = stepDetail(t, step);
  return `${sign} ${line(step.title, 120)} · ${t(words)}${detail ? `: ${detail}` : ''}`;
}

function skipWords(t: Translate, { title, skip = '' }: ShownPlannedStep): string {
  const { sign } = stepFace({ status: 'skipped' });
  const why = t(say('to be skipped: {why}', { why: line(skip, 300) }));
  return `${sign} ${line(title, 120)} · ${why}`;
}

/** The steps that an ended run never came to, in one line. mrkdwn. */
export function notBegun(t: Translate, { steps }: Pick<ShownRun, 'steps'>): string[] {
  const pending = steps.filter((step) => step.status === 'pending');
  if (pending.length === 0) return [];
  const names = line(pending.map(({ title }) => title).join(', '));
  return [
    `${stepFace({ status: 'pending' }).sign} ${t(say('Not begun: {steps}', { steps: names }))}`,
  ];
}

/** Where a step stands, or what came of it. mrkdwn. */
export function stepDetail(t: Translate, step: ShownStepState): string {
  if (step.status === 'running') return progressWords(t, step);
  if (step.status === 'failed' && step.error) return failureWords(t, step, step.error);
  if (step.status === 'undone' && step.undo) return line(step.undo.summary, 300);
  return step.summary ? line(step.summary, 300) : '';
}

function failureWords(
  t: Translate,
  { progress }: ShownStepState,
  { message }: ShownFailure,
): string {
  if (!progress) return line(message, 400);
  const far = amountWords(t, progress);
  return line(t(say('after {amount}. {message}', { amount: far, message })), 400);
}

/** `9 of 13 pods; payments/api-x waits for budget payments/api: needs 2, has 2`. mrkdwn. */
function progressWords(t: Translate, { progress }: ShownStepState): string {
  if (!progress) return '';
  const amount = line(amountWords(t, progress), 80);
  return progress.waiting ? `${amount}; ${line(progress.waiting, 400)}` : amount;
}

function amountWords(
  t: Translate,
  { done, total, unit }: NonNullable<ShownStepState['progress']>,
): string {
  return t(say('{done} of {total} {unit}', { done, total, unit }));
}

export function mayBeStopped(run: ShownRun): boolean {
  const stoppable = ['planning', 'blocked', 'awaiting_approval', 'running'];
  return stoppable.includes(run.status) && run.stopRequestedBy === undefined;
}
