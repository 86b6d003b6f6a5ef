import { setTimeout as delay } from 'node:timers/promises';
import { inject } from 'vitest';

/** How long to wait for what a cluster does by itself, in milliseconds: its budgets alone may take two minutes. */
const patience =
  inject('cluster') === null
    ? { deadlineMs: 20_000, pollMs: 10 }
    : { deadlineMs: 240_000, pollMs: 250 };

/**
 * Reads again and again until what is read holds, and returns it.
 * @throws Error with what was waited for and what was read last
 */
export async function until<T>(
  what: string,
  read: () => Promise<T> | T,
  holds: (value: T) => boolean,
): Promise<T> {
  const deadline = Date.now() + patience.deadlineMs;
  for (;;) {
    const value = await read();
    if (holds(value)) return value;
    if (Date.now() > deadline) {
      throw new Error(`waited in vain until ${what}; last seen: ${briefly(value)}`);
    }
    await delay(patience.pollMs);
  }
}

/** What an object is and how it is, without what it was asked to be. */
function briefly(value: unknown): string {
  const left = new Set(['managedFields', 'ownerReferences', 'spec']);
  const text = JSON.stringify(value, (key, each) => (left.has(key) ? undefined : each));
  return text === undefined ? 'nothing' : text.slice(0, 2000);
}
