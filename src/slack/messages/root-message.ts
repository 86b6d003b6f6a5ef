import type { Button, KnownBlock } from '@slack/types';
import { say } from '../../language/text.ts';
import type { Translate } from '../../language/translate.ts';
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
export function rootMessage(t: Translate, run: ShownRun, channel: string): WantedMessage {
  return {
    key: rootKey(run.id),
    channel,
    first: true,
    phase: run.status,
    text: fallbackText([
      `${whereItStands(t, run)}.`,
      t(say('Asked for by {requester}.', { requester: personName(t, run.requester) })),
      run.outcome ? line(run.outcome.summary, 600) : currentStep(t, run),
    ]),
    blocks: rootBlocks(t, run),
  };
}

/** In one line, for lists and for screen readers. mrkdwn. */
export function whereItStands(t: Translate, run: ShownRun): string {
  const what = { run: line(runName(run)), cluster: line(run.cluster), status: statusLine(t, run) };
  return t(say('{run} in {cluster}: {status}', what));
}

/** Also the answer to `/runbook status RUN`. */
export function rootBlocks(t: Translate, run: ShownRun): KnownBlock[] {
  const ending = run.outcome && !stepsSayIt(run) ? [section(line(run.outcome.summary, 1500))] : [];
  const command = code(`/runbook status ${run.id}`);
  return fitMessage(
    [
      header(`${runName(run)} · ${run.cluster}`),
      section(`*${statusLine(t, run)}*`),
      ...ending,
      ...listSections('', blockers(run)),
      ...listSections('', stepLines(t, run)),
    ],
    [context(metaLine(t, run)), actions(...rootButtons(t, run))],
    (left) => context(t(say('…and {left} more parts: {command}', { left, command }))),
  );
}

/** The end of a dry run is its plan, that of a success its steps: the sentence would say it once more. */
function stepsSayIt({ status }: ShownRun): boolean {
  return status === 'succeeded' || status === 'planned';
}

function stepLines(t: Translate, run: ShownRun): string[] {
  if (run.status === 'planned' || !hasEnded(run.status)) {
    return run.steps.map((step) => stepStateLine(t, step, run.plan));
  }
  const begun = run.steps.filter((step) => step.status !== 'pending');
  if (begun.length === 0) return [];
  return [...begun.map((step) => stepStateLine(t, step)), ...notBegun(t, run)];
}

function metaLine(t: Translate, run: ShownRun): string {
  const at = moment(run.createdAt);
  const facts = [
    run.dryRun ? t(say('dry run')) : '',
    t(say('asked for by {requester}', { requester: personName(t, run.requester) })),
    run.endedAt === undefined
      ? t(say('since {at}', { at }))
      : t(say('{at}, took {time}', { at, time: duration(t, run.endedAt - run.createdAt) })),
    t(say('run {id}', { id: code(run.id) })),
    t(say('plan and timeline in the thread')),
  ];
  return facts.filter((fact) => fact !== '').join(' · ');
}

function currentStep(t: Translate, run: ShownRun): string {
  const step = run.steps.find((each) => each.status === 'running');
  return step ? stepStateLine(t, step) : '';
}

function rootButtons(t: Translate, run: ShownRun): Button[] {
  const decide = run.status === 'blocked' ? [decideButton(t, run)] : [];
  const stop = mayBeStopped(run) ? [stopButton(t, run)] : [];
  return [...decide, detailsButton(t, run), ...stop];
}

/** Why it is blocked belongs where people look first; once it is decided, only the steps matter. */
function blockers(run: ShownRun): string[] {
  if (run.status !== 'blocked') return [];
  return run.plan?.blockers.map((blocker) => `⛔ ${line(blocker.text, 600)}`) ?? [];
}
