import type { KnownBlock } from '@slack/types';
import { say } from '../../language/text.ts';
import type { Translate } from '../../language/translate.ts';
import { hasEnded } from '../../runs/run.ts';
import { END_WORDS } from '../../runs/run-words.ts';
import type {
  ShownFailure,
  ShownRun,
  ShownRunOutcome,
  ShownStepState,
} from '../../runs/shown-run.ts';
import { approvalOutcome } from './approval-words.ts';
import { context, fallbackText, fitMessage, header, listSections, section } from './blocks.ts';
import { bold, code, duration, line, personName } from './mrkdwn.ts';
import { rootKey } from './root-message.ts';
import { notBegun, runName, stepDetail } from './run-words.ts';
import { runFace, stepFace } from './status-words.ts';
import type { WantedMessage } from './wanted-message.ts';

/** How a run ended, for the channel: what was done, undone and left, and what to do now. None for a dry run. */
export function summaryMessage(
  t: Translate,
  run: ShownRun,
  channel: string,
): WantedMessage | undefined {
  if (!hasEnded(run.status) || run.status === 'planned' || !run.outcome) return undefined;
  return {
    key: `run/${run.id}/summary`,
    channel,
    threadKey: rootKey(run.id),
    broadcast: true,
    phase: run.status,
    text: summaryText(t, run, run.outcome),
    blocks: summaryBlocks(t, run, run.outcome),
  };
}

function summaryText(t: Translate, run: ShownRun, outcome: ShownRunOutcome): string {
  return fallbackText([
    `${line(title(t, run))}. ${line(outcome.summary, 800)}`,
    outcome.next ? t(say('Next: {what}', { what: line(outcome.next, 600) })) : '',
    ...outcome.left.map((each) => t(say('Left: {what}', { what: line(each) }))),
    ...outcome.undone.map((each) => t(say('Undone: {what}', { what: line(each) }))),
  ]);
}

function title(t: Translate, run: ShownRun): string {
  const end = hasEnded(run.status) ? t(END_WORDS[run.status]) : '';
  const what = { end, run: runName(run), cluster: run.cluster };
  return `${runFace(run.status).sign} ${t(say('{end}: {run} in {cluster}', what))}`;
}

function summaryBlocks(t: Translate, run: ShownRun, outcome: ShownRunOutcome): KnownBlock[] {
  const next = outcome.next ? [section(`${t(say('*Next*'))}\n👉 ${line(outcome.next, 1200)}`)] : [];
  const command = code(`/runbook status ${run.id}`);
  return fitMessage(
    [
      header(title(t, run)),
      ...(run.status === 'succeeded' ? [] : [section(line(outcome.summary, 2000))]),
      ...next,
      ...optionalList(t(say('*Left as it is*')), leftOf(run, outcome)),
      ...optionalList(t(say('*Undone*')), outcome.undone),
      ...stepResults(t, run),
    ],
    [context(whoAndHowLong(t, run))],
    () => section(t(say('…and more: {command}', { command }))),
  );
}

function stepResults(t: Translate, run: ShownRun): KnownBlock[] {
  const begun = run.steps.filter((step) => step.status !== 'pending');
  if (begun.length === 0) return [];
  const results = begun.map((step) => stepResult(t, step, run.failure));
  return listSections(t(say('*Steps*')), [...results, ...notBegun(t, run)]);
}

function leftOf(run: ShownRun, outcome: ShownRunOutcome): string[] {
  return [...new Set([...outcome.left, ...run.steps.flatMap((step) => step.left)])];
}

function optionalList(heading: string, items: readonly string[]): KnownBlock[] {
  if (items.length === 0) return [];
  return listSections(
    heading,
    items.map((each) => `• ${line(each, 500)}`),
  );
}

/** A step's failure that is the run's is told by the first sentence already, and not told again. */
function stepResult(t: Translate, step: ShownStepState, failure: ShownFailure | undefined): string {
  const { sign, words } = stepFace(step);
  const told = step.error !== undefined && step.error.message === failure?.message;
  const detail = step.status === 'failed' && told ? '' : stepDetail(t, step);
  return `${sign} ${bold(step.title)} · ${stepTime(t, step, t(words))}${detail ? `: ${detail}` : ''}`;
}

function stepTime(t: Translate, step: ShownStepState, words: string): string {
  const { startedAt, endedAt, status } = step;
  if (startedAt === undefined || endedAt === undefined || status === 'undone') return words;
  return t(say('{state} in {time}', { state: words, time: duration(t, endedAt - startedAt) }));
}

function whoAndHowLong(t: Translate, run: ShownRun): string {
  const facts = [
    t(say('asked for by {requester}', { requester: personName(t, run.requester) })),
    ...run.approvals.map((approval) => approvalOutcome(t, approval)),
    run.endedAt === undefined
      ? ''
      : t(say('took {time}', { time: duration(t, run.endedAt - run.createdAt) })),
    t(say('run {id}', { id: code(run.id) })),
  ];
  return facts.filter((fact) => fact !== '').join(' · ');
}
