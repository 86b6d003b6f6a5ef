import type { Clock } from '../clock.ts';

/** Lets waiting loops look again when something has happened, and after a while even if nothing was heard. */
export class Wake {
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  #waiting = new Set<() => void>();
  #rings = 0;

  constructor(clock: Clock, signal: AbortSignal) {
    this.#clock = clock;
    this.#signal = signal;
  }

  /** How often it has rung: taken before looking, it tells `wait` what the look may have missed. */
  get rings(): number {
    return this.#rings;
  }

  wake(): void {
    this.#rings += 1;
    for (const resolve of this.#waiting) resolve();
    this.#waiting = new Set();
  }

  /**
   * Until it rings, at most `ms`; not at all where it has rung since `heard`. Rejects when the signal aborts, with its
   * reason.
   */
  async wait(ms: number, heard = this.#rings): Promise<void> {
    this.#signal.throwIfAborted();
    if (heard !== this.#rings) return;
    const woken = new AbortController();
    const stop = (): void => woken.abort();
    this.#waiting.add(stop);
    try {
      await this.#clock.sleep(ms, AbortSignal.any([this.#signal, woken.signal]));
    } catch (error) {
      this.#signal.throwIfAborted();
      if (!woken.signal.aborted) throw error;
    } finally {
      this.#waiting.delete(stop);
    }
  }
}
