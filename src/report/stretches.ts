import type { ShownApproval, ShownRun, ShownStepState } from '../runs/shown-run.ts';

/** How a stretch of a run's time went; `waiting` is for people. */
export type StretchKind = 'planning' | 'waiting' | 'done' | 'failed' | 'undone' | 'running';

/** A part of a run that took time. Times are epoch milliseconds. */
export interface Stretch {
  readonly label: string;
  readonly kind: StretchKind;
  /** How it ended, in a word or two: colour alone says nothing to many. */
  readonly words: string;
  readonly from: number;
  readonly to: number;
}

/** What a run spent its time on, in the order in which it began; what has not ended goes on until now. */
export function stretchesOf(run: ShownRun, now: number): Stretch[] {
  const end = run.endedAt ?? now;
  const stretches = [
    ...planning(run),
    ...run.approvals.map((approval) => waiting(approval, end)),
    ...run.steps.flatMap((step) => carryingOut(step, end)),
  ];
  return stretches.toSorted((a, b) => a.from - b.from);
}

/** Until somebody was asked, or the first step began: a plan may have been made again since. */
function planning({ plan, createdAt, approvals, steps, endedAt }: ShownRun): Stretch[] {
  if (plan === undefined) return [];
  const begun = steps.flatMap(({ startedAt }) => startedAt ?? []);
  const asked = approvals.map(({ openedAt }) => openedAt);
  const to = Math.min(...asked, ...begun, endedAt ?? Math.max(createdAt, plan.madeAt));
  return [{ label: 'Plan', kind: 'planning', words: 'made', from: createdAt, to }];
}

function waiting({ gate, status, openedAt, decidedAt }: ShownApproval, end: number): Stretch {
  const label = gate === 1 ? 'Approval' : `Approval ${gate}`;
  const words = status === 'pending' ? 'waiting' : status;
  return { label, kind: 'waiting', words, from: openedAt, to: decidedAt ?? end };
}

const KINDS = {
  pending: 'running',
  running: 'running',
  done: 'done',
  skipped: 'done',
  failed: 'failed',
  undone: 'undone',
} as const;

function carryingOut(step: ShownStepState, end: number): Stretch[] {
  const { title, status, error, startedAt: from, endedAt } = step;
  if (from === undefined) return [];
  const words = status === 'failed' && error?.code === 'run_stopped' ? 'stopped' : status;
  return [{ label: title, kind: KINDS[status], words, from, to: endedAt ?? end }];
}
