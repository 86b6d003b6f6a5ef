import type { SimulatedClock } from '../simulated-clock.ts';

/** How long things have been going on, by the cluster's clock; after a restart all begin anew. */
export class Stopwatch {
  readonly #clock: SimulatedClock;
  readonly #started = new Map<string, number>();

  constructor(clock: SimulatedClock) {
    this.#clock = clock;
  }

  /** Milliseconds since the first time that it was asked for this. */
  elapsedMs(what: string): number {
    const now = this.#clock.now();
    const started = this.#started.get(what) ?? now;
    this.#started.set(what, started);
    return now - started;
  }
}
