import { RunbookError } from '../../errors.ts';
import { durationInWords, listed } from '../words.ts';

/** Something runs on the node that nobody agreed to end. */
export class PodsLeftError extends RunbookError {
  constructor(node: string, pods: readonly string[]) {
    super(
      'pods_left',
      `the machine of ${node} is not replaced: ${listed(pods)} came after the plan and would end with it; run again, the new plan will hold them`,
      { data: { node, pods } },
    );
  }
}

/** How far a replacement came that did not end well. */
export interface Unreplaced {
  readonly node: string;
  /** What the provider says. */
  readonly detail: string;
  /** What is left of it: the node, and how many nodes the group lacks. */
  readonly left: readonly string[];
  readonly next: string;
}

function text(what: string, { detail, left, next }: Unreplaced): string {
  return `${what}: ${detail}. Left behind: ${left.join('; ')}. ${next}`;
}

/** The provider has given up, or nothing will make a new node. */
export class ReplacementFailedError extends RunbookError {
  constructor(state: Unreplaced) {
    super('replacement_failed', text(`the machine of ${state.node} was not replaced`, state), {
      data: { ...state },
    });
  }
}

/** The step's time is over. Bears the code of every step that is: it is not tried again. */
export class ReplacementTimeoutError extends RunbookError {
  constructor(state: Unreplaced, { timeoutMs, cause }: { timeoutMs: number; cause: unknown }) {
    const within = `the machine of ${state.node} was not replaced within ${durationInWords(timeoutMs)}`;
    super('step_timeout', text(within, state), { cause, data: { ...state, timeoutMs } });
  }
}
