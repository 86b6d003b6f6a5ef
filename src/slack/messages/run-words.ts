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
export function statusLine(run: ShownRun): string {
  const { sign, words } = runFace(run.status);
  if (run.status === 'planned' && run.plan && run.plan.blockers.length > 0) {
    return `${sign} ${words}; the plan is blocked`;
  }
  const position = run.status === 'running' ? `: ${stepPosition(run)}` : '';
  const deadline = run.status === 'awaiting_approval' ? untilWhen(run) : '';
  const stopping =
    run.stopRequestedBy && (run.status === 'running' || run.status === 'undoing')
      ? ` (${personName(run.stopRequestedBy)} asked to stop)`
      : '';
  return `${sign} ${words}${position}${deadline}${stopping}`;
}

function untilWhen({ approvals }: ShownRun): string {
  const pending = approvals.find((approval) => approval.status === 'pending');
  return pending ? ` until ${moment(pending.expiresAt)}; without it nothing is done` : '';
}

function stepPosition(run: ShownRun): string {
  const index = run.steps.findIndex((step) => step.status === 'running');
  const next = run.steps.findIndex((step) => step.status === 'pending');
  if (index === -1) {
    return next === -1 ? 'the end is near' : `step ${next + 1} of ${run.steps.length} begins`;
  }
  return `step ${index + 1} of ${run.steps.length}`;
}

/** One line for a step: sign, words, and where it stands. mrkdwn. */
export function stepStateLine(step: ShownStepState, plan?: ShownPlan): string {
  const { sign, words } = stepFace(step);
  const planned = plan?.steps.find(({ id }) => id === step.id);
  if (step.status === 'pending' && planned) {
    return planned.skip ? skipWords(planned) : `${sign} ${stepWords(planned)} · ${words}`;
  }
  const detail = stepDetail(step);
  return `${sign} ${line(step.title, 120)} · ${words}${detail ? `: ${detail}` : ''}`;
}

function skipWords({ title, skip = '' }: ShownPlannedStep): string {
  return `${stepFace({ status: 'skipped' }).sign} ${line(title, 120)} · to be skipped: ${line(skip, 300)}`;
}

/** The steps that an ended run never came to, in one line. mrkdwn. */
export function notBegun({ steps }: Pick<ShownRun, 'steps'>): string[] {
  const pending = steps.filter((step) => step.status === 'pending');
  if (pending.length === 0) return [];
  const { sign } = stepFace({ status: 'pending' });
  return [`${sign} Not begun: ${line(pending.map(({ title }) => title).join(', '))}`];
}

/** Where a step stands, or what came of it. mrkdwn. */
export function stepDetail(step: ShownStepState): string {
  if (step.status === 'running') return progressWords(step);
  if (step.status === 'failed' && step.error) return failureWords(step, step.error);
  if (step.status === 'undone' && step.undo) return line(step.undo.summary, 300);
  return step.summary ? line(step.summary, 300) : '';
}

function failureWords({ progress }: ShownStepState, { message }: ShownFailure): string {
  const far = progress ? `after ${progress.done} of ${progress.total} ${progress.unit}. ` : '';
  return line(`${far}${message}`, 400);
}

/** `9 of 13 pods; payments/api-x waits for budget payments/api: needs 2, has 2`. mrkdwn. */
function progressWords({ progress }: ShownStepState): string {
  if (!progress) return '';
  const { done, total, unit, waiting } = progress;
  const amount = `${done} of ${total} ${line(unit, 40)}`;
  return waiting ? `${amount}; ${line(waiting, 400)}` : amount;
}

export function mayBeStopped(run: ShownRun): boolean {
  const stoppable = ['planning', 'blocked', 'awaiting_approval', 'running'];
  return stoppable.includes(run.status) && run.stopRequestedBy === undefined;
}
