import type { Relief } from './filter.ts';

interface Refused {
  readonly priority: number;
  readonly attempts: number;
  readonly atMs: number;
  readonly reliefs: ReadonlySet<Relief>;
  /** When it is tried again. */
  readonly dueMs: number;
}

/** In seconds of the API, as the real scheduler has them. */
const firstBackoff = 1;
const longestBackoff = 10;
/** Tried again after so long even if nothing seems to have changed for it. */
const longestWait = 300;

/** Keys of pods without a node: those whose turn it is, by priority, and those that found none, until something may help. */
export class SchedulingQueue {
  readonly #secondMs: number;
  readonly #active = new Map<number, Set<string>>();
  readonly #refused = new Map<string, Refused>();
  /** How often those have been refused whose turn has come again. */
  readonly #attempts = new Map<string, number>();

  constructor(secondMs: number) {
    this.#secondMs = secondMs;
  }

  get hasRefused(): boolean {
    return this.#refused.size > 0;
  }

  /** New, or changed itself: tried at once. */
  add(key: string, priority: number): void {
    this.#refused.delete(key);
    const equals = this.#active.get(priority) ?? new Set<string>();
    this.#active.set(priority, equals.add(key));
  }

  forget(key: string): void {
    this.#refused.delete(key);
    this.#attempts.delete(key);
    for (const keys of this.#active.values()) keys.delete(key);
  }

  /** No node was found: the pod waits for one of the reliefs, and each time longer before it is tried again. */
  refuse(
    key: string,
    why: {
      readonly priority: number;
      readonly reliefs: ReadonlySet<Relief>;
      readonly atMs: number;
    },
  ): void {
    const attempts = (this.#attempts.get(key) ?? 0) + 1;
    this.#attempts.set(key, attempts);
    const dueMs = why.atMs + longestWait * this.#secondMs;
    this.#refused.set(key, { ...why, attempts, dueMs });
  }

  /** Something has happened that may help; nobody is tried before their back-off is over. */
  relieve(relief: Relief): void {
    for (const [key, refused] of this.#refused) {
      if (!refused.reliefs.has(relief)) continue;
      const backoff = Math.min(firstBackoff * 2 ** (refused.attempts - 1), longestBackoff);
      const dueMs = Math.min(refused.dueMs, refused.atMs + backoff * this.#secondMs);
      if (dueMs !== refused.dueMs) this.#refused.set(key, { ...refused, dueMs });
    }
  }

  /** Those whose wait is over have their turn again. Returns in how many milliseconds the next will. */
  wake(nowMs: number): number | undefined {
    let next: number | undefined;
    for (const [key, { priority, dueMs }] of this.#refused) {
      if (dueMs <= nowMs) this.add(key, priority);
      else next = Math.min(next ?? dueMs, dueMs);
    }
    return next === undefined ? undefined : next - nowMs;
  }

  /** Takes the pod of the highest priority; of equals, the one that has waited longest. */
  take(): string | undefined {
    let highest: number | undefined;
    for (const [priority, keys] of this.#active) {
      if (keys.size > 0 && priority >= (highest ?? priority)) highest = priority;
    }
    const keys = this.#active.get(highest ?? 0);
    const [key] = keys ?? [];
    if (key !== undefined) keys?.delete(key);
    return key;
  }
}
