import { durationInWords } from '../actions/words.ts';
import type {
  ShownApproval,
  ShownRun,
  ShownStepState,
  ShownTimelineEvent,
} from '../runs/shown-run.ts';
import { cell, inline } from './markdown.ts';

const LEVELS = { info: '', warning: '**Warning:** ', error: '**Error:** ' } as const;

/** All that a run has to tell, for a post-mortem or a ticket. Times are UTC. */
export function timelineMarkdown(run: ShownRun): string {
  return `${[
    `# ${inline(run.runbookTitle)}: ${inline(run.target.replace('/', ' '))} in ${inline(run.cluster)}`,
    facts(run),
    ...outcome(run),
    ...steps(run),
    ...timeline(run),
  ].join('\n\n')}\n`;
}

function facts(run: ShownRun): string {
  const { id, traceId, requester, createdAt, endedAt, status } = run;
  const took = endedAt === undefined ? '' : `, took ${durationInWords(endedAt - createdAt)}`;
  return [
    `- **State:** ${inline(status.replaceAll('_', ' '))}`,
    `- **Run:** \`${id}\`, trace \`${traceId}\``,
    `- **Asked for by:** ${inline(requester.name)}, ${utc(createdAt)}${took}`,
    ...run.approvals.map((approval) => `- **Approval ${approval.gate}:** ${decision(approval)}`),
    ...(run.plan ? [`- **Plan:** ${inline(run.plan.headline)}`] : []),
  ].join('\n');
}

function decision({ status, votes, decidedBy, decidedAt, reason }: ShownApproval): string {
  const people = votes.length > 0 ? votes.map(({ by }) => by) : decidedBy ? [decidedBy] : [];
  const by = people.length > 0 ? ` by ${people.map(({ name }) => inline(name)).join(', ')}` : '';
  const at = decidedAt === undefined ? '' : `, ${utc(decidedAt)}`;
  return `${status}${by}${at}${reason ? `: ${inline(reason)}` : ''}`;
}

function outcome({ outcome: end }: ShownRun): string[] {
  if (end === undefined) return [];
  const lists = [
    ['Taken back', end.undone],
    ['Left as it is', end.left],
  ] as const;
  return [
    '## Outcome',
    inline(end.summary),
    ...lists.flatMap(([title, items]) =>
      items.length > 0 ? [`**${title}**`, items.map((item) => `- ${inline(item)}`).join('\n')] : [],
    ),
    ...(end.next ? [`**Next:** ${inline(end.next)}`] : []),
  ];
}

function steps(run: ShownRun): string[] {
  if (run.steps.length === 0) return [];
  const rows = run.steps.map(
    (step) => `| ${cell(step.title)} | ${step.status} | ${times(step)} | ${cell(result(step))} |`,
  );
  return [
    '## Steps',
    ['| Step | State | Took | What came of it |', '| --- | --- | --- | --- |', ...rows].join('\n'),
  ];
}

function times({ startedAt, endedAt }: ShownStepState): string {
  if (startedAt === undefined) return '';
  return endedAt === undefined ? 'not ended' : durationInWords(endedAt - startedAt);
}

function result({ error, summary, undo }: ShownStepState): string {
  return [error?.message ?? summary, undo?.summary].filter((part) => part).join('; ');
}

function timeline(run: ShownRun): string[] {
  if (run.timeline.length === 0) return [];
  return ['## Timeline', run.timeline.map(eventLine).join('\n')];
}

function eventLine({ at, level, text }: ShownTimelineEvent): string {
  return `- \`${new Date(at).toISOString().slice(11, 19)}\` ${LEVELS[level]}${inline(text)}`;
}

function utc(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
