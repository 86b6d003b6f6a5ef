import type { Button, KnownBlock } from '@slack/types';
import { hasEnded, type Run } from '../../runs/run.ts';
import {
  actions,
  button,
  confirmation,
  context,
  fallbackText,
  fitMessage,
  header,
  listSections,
  section,
} from './blocks.ts';
import { code, duration, line, moment, personName } from './mrkdwn.ts';
import {
  mayBeStopped,
  runName,
  runValue,
  statusLine,
  stepStateLine,
  targetName,
} from './run-words.ts';
import type { WantedMessage } from './wanted-message.ts';

export function rootKey(runId: string): string {
  return `run/${runId}/root`;
}

/** The one message of a run in its cluster's channel: where it stands, now. Updated in place. */
export function rootMessage(run: Run, channel: string): WantedMessage {
  return {
    key: rootKey(run.id),
    channel,
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
export function rootBlocks(run: Run): KnownBlock[] {
  const ending = run.outcome ? [section(line(run.outcome.summary, 1500))] : [];
  return fitMessage(
    [
      header(`${runName(run)} · ${run.cluster}`),
      section(`*${statusLine(run)}*`),
      ...ending,
      ...listSections('', run.steps.map(stepStateLine)),
    ],
    [context(metaLine(run)), actions(...rootButtons(run))],
    (left) => context(`…and ${left} more parts: ${code(`/runbook status ${run.id}`)}`),
  );
}

function metaLine(run: Run): string {
  const time =
    run.endedAt === undefined
      ? `since ${moment(run.createdAt)}`
      : `${moment(run.createdAt)}, took ${duration(run.endedAt - run.createdAt)}`;
  const dry = run.dryRun ? 'dry run · ' : '';
  return `${dry}asked for by ${personName(run.requester)} · ${time} · run ${code(run.id)} · plan and timeline in the thread`;
}

function currentStep(run: Run): string {
  const step = run.steps.find((each) => each.status === 'running');
  return step ? stepStateLine(step) : '';
}

function rootButtons(run: Run): Button[] {
  return mayBeStopped(run) ? [detailsButton(run), stopButton(run)] : [detailsButton(run)];
}

export function detailsButton(run: Run, gate?: number): Button {
  return button({
    actionId: 'run_details',
    value: runValue(run, gate),
    label: 'Details',
    spoken: `Details of ${runName(run)}`,
  });
}

function stopButton(run: Run): Button {
  return button({
    actionId: 'run_stop',
    value: runValue(run),
    label: 'Stop',
    spoken: `Stop ${runName(run)}`,
    style: 'danger',
    confirm: confirmation({
      title: `Stop ${runName(run)}?`,
      text: stopConsequence(run),
      yes: 'Stop it',
      style: 'danger',
    }),
  });
}

function stopConsequence(run: Run): string {
  const where = `${targetName(run)} in ${run.cluster}`;
  if (hasEnded(run.status) || run.status !== 'running') {
    return `Nothing has been changed on ${where} for this run, or what was is taken back. The run ends.`;
  }
  return `The change under way on ${where} is finished, no other is begun, and what can be taken back is: such as the cordon. Pods that have left stay where they are now.`;
}
