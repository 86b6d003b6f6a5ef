import { say, type Text } from '../../language/text.ts';
import type { RunStatus, StepStatus } from '../../runs/run.ts';
import type { ShownStepState } from '../../runs/shown-run.ts';

/** A sign is never alone: the words say the same. */
export interface StatusFace {
  readonly sign: string;
  readonly words: Text;
}

const RUN_FACES: Readonly<Record<RunStatus, StatusFace>> = {
  planning: { sign: '🔎', words: say('Working out the plan') },
  blocked: { sign: '⛔', words: say('Blocked: somebody must decide') },
  awaiting_approval: { sign: '✋', words: say('Waiting for approval') },
  running: { sign: '▶️', words: say('Running') },
  undoing: { sign: '↩️', words: say('Undoing what was changed') },
  succeeded: { sign: '✅', words: say('Succeeded') },
  failed: { sign: '❌', words: say('Failed') },
  rejected: { sign: '🚫', words: say('Rejected') },
  expired: { sign: '⌛', words: say('Expired: nobody decided in time') },
  cancelled: { sign: '🛑', words: say('Cancelled') },
  withdrawn: { sign: '🛑', words: say('Withdrawn') },
  nothing_to_do: { sign: '☑️', words: say('Nothing to do') },
  planned: { sign: '📝', words: say('Dry run: nothing was changed') },
};

const STEP_FACES: Readonly<Record<StepStatus, StatusFace>> = {
  pending: { sign: '⚪', words: say('to do') },
  running: { sign: '▶️', words: say('running') },
  done: { sign: '✅', words: say('done') },
  skipped: { sign: '⏭️', words: say('skipped') },
  failed: { sign: '❌', words: say('failed') },
  undone: { sign: '↩️', words: say('undone') },
};

export function runFace(status: RunStatus): StatusFace {
  return RUN_FACES[status];
}

/** A step that was asked to stop did so: nothing about it failed. */
export function stepFace({ status, error }: Pick<ShownStepState, 'status' | 'error'>): StatusFace {
  if (status === 'failed' && error?.code === 'run_stopped')
    return { sign: '🛑', words: say('stopped') };
  return STEP_FACES[status];
}
