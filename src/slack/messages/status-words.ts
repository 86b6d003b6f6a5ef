import type { RunStatus, StepStatus } from '../../runs/run.ts';
import type { ShownStepState } from '../../runs/shown-run.ts';

/** A sign is never alone: the words say the same. */
export interface StatusFace {
  readonly sign: string;
  readonly words: string;
}

const RUN_FACES: Readonly<Record<RunStatus, StatusFace>> = {
  planning: { sign: '🔎', words: 'Working out the plan' },
  blocked: { sign: '⛔', words: 'Blocked: somebody must decide' },
  awaiting_approval: { sign: '✋', words: 'Waiting for approval' },
  running: { sign: '▶️', words: 'Running' },
  undoing: { sign: '↩️', words: 'Undoing what was changed' },
  succeeded: { sign: '✅', words: 'Succeeded' },
  failed: { sign: '❌', words: 'Failed' },
  rejected: { sign: '🚫', words: 'Rejected' },
  expired: { sign: '⌛', words: 'Expired: nobody decided in time' },
  cancelled: { sign: '🛑', words: 'Cancelled' },
  withdrawn: { sign: '🛑', words: 'Withdrawn' },
  nothing_to_do: { sign: '☑️', words: 'Nothing to do' },
  planned: { sign: '📝', words: 'Dry run: nothing was changed' },
};

const STEP_FACES: Readonly<Record<StepStatus, StatusFace>> = {
  pending: { sign: '⚪', words: 'to do' },
  running: { sign: '▶️', words: 'running' },
  done: { sign: '✅', words: 'done' },
  skipped: { sign: '⏭️', words: 'skipped' },
  failed: { sign: '❌', words: 'failed' },
  undone: { sign: '↩️', words: 'undone' },
};

export function runFace(status: RunStatus): StatusFace {
  return RUN_FACES[status];
}

/** A step that was asked to stop did so: nothing about it failed. */
export function stepFace({ status, error }: Pick<ShownStepState, 'status' | 'error'>): StatusFace {
  if (status === 'failed' && error?.code === 'run_stopped') return { sign: '🛑', words: 'stopped' };
  return STEP_FACES[status];
}
