import { RunbookError } from '../errors.ts';
import { say } from '../language/text.ts';

/** Why a signal was aborted by its deadline. */
export class DeadlineError extends RunbookError {
  constructor(timeoutMs: number) {
    super('deadline_passed', say('nothing within {seconds} s', { seconds: timeoutMs / 1000 }));
  }
}

/** A signal that aborts when something takes too long, and when the caller's own signal does. */
export class Deadline {
  readonly #controller = new AbortController();
  readonly #outer: AbortSignal | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(outer?: AbortSignal) {
    this.#outer = outer;
    outer?.addEventListener('abort', this.#follow, { once: true });
    if (outer?.aborted) this.#follow();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Begins the time anew. */
  start(timeoutMs: number): void {
    this.pause();
    this.#timer = setTimeout(() => this.#controller.abort(new DeadlineError(timeoutMs)), timeoutMs);
  }

  pause(): void {
    clearTimeout(this.#timer);
  }

  /** Aborts what is still open, such as a connection whose answer nobody will read. */
  end(): void {
    this.pause();
    this.#outer?.removeEventListener('abort', this.#follow);
    this.#controller.abort(new Error('no longer wanted'));
  }

  readonly #follow = (): void => this.#controller.abort(this.#outer?.reason);
}
