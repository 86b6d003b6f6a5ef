import type { Clock } from '../clock.ts';

/** Lets waiting loops look again when something has happened, and after a while even if nothing was heard. */
export class Wake {
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  #waiting = new Set<() => void>();

  constructor(clock: Clock, signal: AbortSignal) {
    this.#clock = clock;
    this.#signal = signal;
  }

  wake(): void {
    for (const resolve of this.#waiting) resolve();
    this.#waiting = new Set();
  }

  /** Until something happens, at most `ms`. Rejects when the signal aborts. */
  async wait(ms: number): Promise<void> {
    const woken = new AbortController();
    const stop = (): void => woken.abort();
    this.#waiting.add(stop);
    try {
      await this.#clock.sleep(ms, AbortSignal.any([this.#signal, woken.signal]));
    } catch (error) {
      if (!woken.signal.aborted) throw error;
    } finally {
      this.#waiting.delete(stop);
    }
    this.#signal.throwIfAborted();
  }
}
