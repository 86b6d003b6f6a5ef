import { ApiError } from '../registry/api-error.ts';
import type { SimulatedClock } from '../simulated-clock.ts';

/** How long keys are worked off before other work, such as requests, gets its turn. */
const turnMs = 10;
const firstRetryMs = 1000;
/** A real controller waits up to 16 minutes; nobody watches a simulation that long. */
const longestRetryMs = 15_000;

/**
 * Keys that are to be reconciled, each at most once at a time and after a delay. A reconcile that returns a number is
 * called again after so many milliseconds.
 */
export class WorkQueue {
  readonly #clock: SimulatedClock;
  readonly #delayMs: number;
  readonly #reconcile: (key: string) => number | undefined;
  readonly #due = new Set<string>();
  readonly #timers = new Map<string, { readonly at: number; readonly cancel: () => void }>();
  /** How long a key that the API refused last time waits the next time. */
  readonly #retries = new Map<string, number>();
  #working = false;
  #stopped = false;

  constructor(
    clock: SimulatedClock,
    delayMs: number,
    reconcile: (key: string) => number | undefined,
  ) {
    this.#clock = clock;
    this.#delayMs = delayMs;
    this.#reconcile = reconcile;
  }

  /** An earlier time wins over a later one already set. */
  add(key: string, delayMs: number = this.#delayMs): void {
    if (this.#stopped || this.#due.has(key)) return;
    const at = this.#clock.now() + delayMs;
    const set = this.#timers.get(key);
    if (set !== undefined && set.at <= at) return;
    set?.cancel();
    this.#timers.set(key, { at, cancel: this.#clock.after(delayMs, () => this.#fall(key)) });
  }

  stop(): void {
    this.#stopped = true;
    for (const { cancel } of this.#timers.values()) cancel();
    this.#timers.clear();
    this.#due.clear();
  }

  #fall(key: string): void {
    this.#timers.delete(key);
    this.#due.add(key);
    if (this.#working) return;
    this.#working = true;
    this.#clock.after(0, () => this.#work());
  }

  /** What the API refuses is tried again, each time later; any other error is a mistake of ours. */
  #attempt(key: string): number | undefined {
    try {
      const againMs = this.#reconcile(key);
      this.#retries.delete(key);
      return againMs;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const retryMs = this.#retries.get(key) ?? firstRetryMs;
      this.#retries.set(key, Math.min(retryMs * 2, longestRetryMs));
      return retryMs;
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
    if (this.#working) this.#clock.after(0, () => this.#work());
  }
}
