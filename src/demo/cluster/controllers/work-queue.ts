import { ApiError } from '../registry/api-error.ts';

/** How long keys are worked off before other work, such as requests, gets its turn. */
const turnMs = 10;
const retryMs = 1000;

/**
 * Keys that are to be reconciled, each at most once at a time and after a delay. A reconcile that returns a number is
 * called again after so many milliseconds.
 */
export class WorkQueue {
  readonly #delayMs: number;
  readonly #reconcile: (key: string) => number | undefined;
  readonly #due = new Set<string>();
  readonly #timers = new Map<string, { readonly at: number; readonly timer: NodeJS.Timeout }>();
  #working = false;
  #stopped = false;

  constructor(delayMs: number, reconcile: (key: string) => number | undefined) {
    this.#delayMs = delayMs;
    this.#reconcile = reconcile;
  }

  /** An earlier time wins over a later one already set. */
  add(key: string, delayMs: number = this.#delayMs): void {
    if (this.#stopped || this.#due.has(key)) return;
    const at = Date.now() + delayMs;
    const set = this.#timers.get(key);
    if (set !== undefined && set.at <= at) return;
    if (set !== undefined) clearTimeout(set.timer);
    this.#timers.set(key, { at, timer: setTimeout(() => this.#fall(key), delayMs) });
  }

  stop(): void {
    this.#stopped = true;
    for (const { timer } of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    this.#due.clear();
  }

  #fall(key: string): void {
    this.#timers.delete(key);
    this.#due.add(key);
    if (this.#working) return;
    this.#working = true;
    setImmediate(() => this.#work());
  }

  /** What the API refuses (a namespace that goes away) is tried again later; any other error is a mistake of ours. */
  #attempt(key: string): number | undefined {
    try {
      return this.#reconcile(key);
    } catch (error) {
      if (error instanceof ApiError) return retryMs;
      throw error;
    }
  }

  #work(): void {
    const end = performance.now() + turnMs;
    for (const key of this.#due) {
      this.#due.delete(key);
      const againMs = this.#attempt(key);
      if (againMs !== undefined) this.add(key, againMs);
      if (performance.now() > end) break;
    }
    this.#working = this.#due.size > 0;
    if (this.#working) setImmediate(() => this.#work());
  }
}
