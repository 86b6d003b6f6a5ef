import type { KnownBlock } from '@slack/types';
import { hasEnded } from '../../runs/run.ts';
import type { ShownRun, ShownRunOutcome, ShownStepState } from '../../runs/shown-run.ts';
import { approvalOutcome } from './approval-words.ts';
import { context, fallbackText, fitMessage, header, listSections, section } from './blocks.ts';
import { bold, code, duration, line, personName } from './mrkdwn.ts';
import { rootKey } from './root-message.ts';
import { notBegun, runName, stepDetail } from './run-words.ts';
import { runFace, stepFace } from './status-words.ts';
import type { WantedMessage } from './wanted-message.ts';

/** How a run ended, for the channel: what was done, undone and left, and what to do now. None for a dry run. */
export function summaryMessage(run: ShownRun, channel: string): WantedMessage | undefined {
  if (!hasEnded(run.status) || run.status === 'planned' || !run.outcome) return undefined;
  return {
    key: `run/${run.id}/summary`,
    channel,
    threadKey: rootKey(run.id),
    broadcast: true,
    phase: run.status,
    text: summaryText(run, run.outcome),
    blocks: summaryBlocks(run, run.outcome),
  };
}

function summaryText(run: ShownRun, outcome: ShownRunOutcome): string {
  return fallbackText([
    `${line(title(run))}. ${line(outcome.summary, 800)}`,
    outcome.next ? `Next: ${line(outcome.next, 600)}` : '',
    ...outcome.left.map((each) => `Left: ${line(each)}`),
    ...outcome.undone.map((each) => `Undone: ${line(each)}`),
  ]);
}

function title(run: ShownRun): string {
  const { sign, words } = runFace(run.status);
  return `${sign} ${words.replace(/:.*/, '')}: ${runName(run)} in ${run.cluster}`;
}

function summaryBlocks(run: ShownRun, outcome: ShownRunOutcome): KnownBlock[] {
  const next = outcome.next ? [section(`*Next*\n👉 ${line(outcome.next, 1200)}`)] : [];
  const done = run.steps.filter((step) => step.status !== 'pending');
  return fitMessage(
    [
      header(title(run)),
      ...(run.status === 'succeeded' ? [] : [section(line(outcome.summary, 2000))]),
      ...next,
      ...optionalList('*Left as it is*', leftOf(run, outcome)),
      ...optionalList('*Undone*', outcome.undone),
      ...(done.length > 0
        ? listSections('*Steps*', [
            ...done.map((step) => stepResult(step, outcome)),
            ...notBegun(run),
          ])
        : []),
    ],
    [context(whoAndHowLong(run))],
    () => section(`…and more: ${code(`/runbook status ${run.id}`)}`),
  );
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

/** A failure that the first sentence tells already is not told again. */
function stepResult(step: ShownStepState, { summary }: ShownRunOutcome): string {
  const { sign, words } = stepFace(step);
  const took =
    step.startedAt !== undefined && step.endedAt !== undefined && step.status !== 'undone'
      ? ` in ${duration(step.endedAt - step.startedAt)}`
      : '';
  const told = step.error !== undefined && summary.includes(step.error.message);
  const detail = step.status === 'failed' && told ? '' : stepDetail(step);
  return `${sign} ${bold(step.title)} · ${words}${took}${detail ? `: ${detail}` : ''}`;
}

function whoAndHowLong(run: ShownRun): string {
  const took = run.endedAt === undefined ? '' : `took ${duration(run.endedAt - run.createdAt)}`;
  const decisions = run.approvals.map(approvalOutcome);
  return [`asked for by ${personName(run.requester)}`, ...decisions, took, `run ${code(run.id)}`]
    .filter((part) => part !== '')
    .join(' · ');
}
