import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../../src/clock.ts';

/** A clock that runs so many times faster than the real one: waits of seconds take milliseconds, in the same order. */
export function scaledClock(factor: number): Clock {
  const start = Date.now();
  return {
    now: () => start + (Date.now() - start) * factor,
    sleep: (ms, signal) => delay(ms / factor, undefined, signal ? { signal } : {}),
  };
}
