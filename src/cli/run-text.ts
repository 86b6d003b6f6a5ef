import type { Translated } from '../language/translate.ts';
import { hasEnded } from '../runs/run.ts';
import type { RunLine } from '../runs/runs.ts';
import type { ShownRun, ShownStepState } from '../runs/shown-run.ts';
import type { Undelivered } from '../slack/slack.ts';

export function runLineText(run: Translated<RunLine>): string {
  const at = new Date(run.createdAt).toISOString().slice(0, 16).replace('T', ' ');
  const how = run.summary ? `  ${run.summary}` : '';
  return `${run.id}  ${at}  ${run.status.padEnd(17)}  ${run.runbook} ${run.target} (${run.cluster}), by ${run.requester.name}${how}`;
}

/** A run for a terminal: where it stands, its steps, its timeline, and its outcome. */
export function runText(run: ShownRun): string {
  return [
    `${run.id}: ${run.runbookTitle} on ${run.target} in ${run.cluster}: ${run.status.replaceAll('_', ' ')}`,
    `asked for by ${run.requester.name} at ${new Date(run.createdAt).toISOString()}, trace ${run.traceId}`,
    '',
    ...run.steps.map(stepLine),
    '',
    ...run.timeline.map(
      ({ at, text, level }) =>
        `${new Date(at).toISOString().slice(11, 19)}  ${level === 'info' ? '' : `${level}: `}${text}`,
    ),
    ...outcomeLines(run),
  ].join('\n');
}

function stepLine(step: ShownStepState): string {
  const { progress } = step;
  const live = progress
    ? ` ${progress.done} of ${progress.total} ${progress.unit}${progress.waiting ? `; ${progress.waiting}` : ''}`
    : '';
  return `  [${step.status}] ${step.title}${live}${step.summary ? `: ${step.summary}` : ''}`;
}

function outcomeLines({ outcome, status }: ShownRun): string[] {
  if (outcome === undefined || !hasEnded(status)) return [];
  return [
    '',
    outcome.summary,
    ...outcome.undone.map((line) => `Taken back: ${line}`),
    ...outcome.left.map((line) => `Left: ${line}`),
    ...(outcome.next ? [`Next: ${outcome.next}`] : []),
  ];
}

/** What people in Slack do not see of the run, and what to do about it. */
export function undeliveredLines(all: readonly Undelivered[]): string[] {
  if (all.length === 0) return [];
  const lines = all.map(({ channel, messages, failure, advice }) => {
    const count = messages === 1 ? '1 message' : `${messages} messages`;
    return `Not shown in Slack: ${count} for ${channel} (${failure}): ${advice}`;
  });
  return ['', ...lines];
}
