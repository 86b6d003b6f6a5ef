import type { Button, KnownBlock } from '@slack/types';
import { hasEnded } from '../../runs/run.ts';
import type { ShownRun } from '../../runs/shown-run.ts';
import {
  actions,
  context,
  fallbackText,
  fitMessage,
  header,
  listSections,
  section,
} from './blocks.ts';
import { code, duration, line, moment, personName } from './mrkdwn.ts';
import { decideButton, detailsButton, stopButton } from './run-buttons.ts';
import { mayBeStopped, notBegun, runName, statusLine, stepStateLine } from './run-words.ts';
import type { WantedMessage } from './wanted-message.ts';

export function rootKey(runId: string): string {
  return `run/${runId}/root`;
}

/** The one message of a run in its cluster's channel: where it stands, now. Updated in place. */
export function rootMessage(run: ShownRun, channel: string): WantedMessage {
  return {
    key: rootKey(run.id),
    channel,
    first: true,
    phase: run.status,
    text: fallbackText([
      `${line(runName(run))} in ${line(run.cluster)}: ${statusLine(run)}`,
      `Asked for by ${personName(run.requester)}.`,
      run.outcome ? line(run.outcome.summary, 600) : currentStep(run),
    ]),
    blocks: rootBlocks(run),
  };
}

/** Also the answer to `/runbook status RUN`. */
export function rootBlocks(run: ShownRun): KnownBlock[] {
  const ending = run.outcome && !stepsSayIt(run) ? [section(line(run.outcome.summary, 1500))] : [];
  return fitMessage(
    [
      header(`${runName(run)} · ${run.cluster}`),
      section(`*${statusLine(run)}*`),
      ...ending,
      ...listSections('', blockers(run)),
      ...listSections('', stepLines(run)),
    ],
    [context(metaLine(run)), actions(...rootButtons(run))],
    (left) => context(`…and ${left} more parts: ${code(`/runbook status ${run.id}`)}`),
  );
}

/** The end of a dry run is its plan, that of a success its steps: the sentence would say it once more. */
function stepsSayIt({ status }: ShownRun): boolean {
  return status === 'succeeded' || status === 'planned';
}

function stepLines(run: ShownRun): string[] {
  if (run.status === 'planned' || !hasEnded(run.status)) {
    return run.steps.map((step) => stepStateLine(step, run.plan));
  }
  const begun = run.steps.filter((step) => step.status !== 'pending');
  return begun.length === 0 ? [] : [...begun.map((step) => stepStateLine(step)), ...notBegun(run)];
}

function metaLine(run: ShownRun): string {
  const time =
    run.endedAt === undefined
      ? `since ${moment(run.createdAt)}`
      : `${moment(run.createdAt)}, took ${duration(run.endedAt - run.createdAt)}`;
  const dry = run.dryRun ? 'dry run · ' : '';
  return `${dry}asked for by ${personName(run.requester)} · ${time} · run ${code(run.id)} · plan and timeline in the thread`;
}

function currentStep(run: ShownRun): string {
  const step = run.steps.find((each) => each.status === 'running');
  return step ? stepStateLine(step) : '';
}

function rootButtons(run: ShownRun): Button[] {
  const decide = run.status === 'blocked' ? [decideButton(run)] : [];
  const stop = mayBeStopped(run) ? [stopButton(run)] : [];
  return [...decide, detailsButton(run), ...stop];
}

/** Why it is blocked belongs where people look first; once it is decided, only the steps matter. */
function blockers(run: ShownRun): string[] {
  if (run.status !== 'blocked') return [];
  return run.plan?.blockers.map((blocker) => `⛔ ${line(blocker.text, 600)}`) ?? [];
}
