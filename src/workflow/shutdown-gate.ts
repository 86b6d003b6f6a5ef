import { setTimeout as delay } from 'node:timers/promises';

/** A promise that never settles: a run that must not go on in this process waits here until the process ends. */
export function parked(): Promise<never> {
  return new Promise(() => {});
}

/** Counts what runs, so that a shutdown can let it end and keep more from starting. */
export class ShutdownGate {
  #running = 0;
  #closed = false;
  #idle: (() => void) | undefined;

  get isClosed(): boolean {
    return this.#closed;
  }

  /** For work under way that a shutdown has cut off: it counts as ended, and never settles. */
  abandon(): Promise<never> {
    this.#end();
    return parked();
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    this.#running += 1;
    try {
      return await work();
    } finally {
      this.#end();
    }
  }

  #end(): void {
    this.#running -= 1;
    if (this.#running === 0) this.#idle?.();
  }

  /** Resolves when nothing runs any more, with false when that took longer than `withinMs`. */
  async close(withinMs: number): Promise<boolean> {
    this.#closed = true;
    if (this.#running === 0) return true;
    const idle = new Promise<boolean>((resolve) => {
      this.#idle = () => resolve(true);
    });
    const giveUp = new AbortController();
    const tooLong = delay(withinMs, false, { signal: giveUp.signal }).catch(() => false);
    const wentIdle = await Promise.race([idle, tooLong]);
    giveUp.abort();
    return wentIdle;
  }
}
