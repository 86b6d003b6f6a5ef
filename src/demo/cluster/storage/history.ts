import type { KubeObject } from '../model/objects.ts';

export interface Change {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly revision: number;
  readonly object: KubeObject;
  /** What was stored before; absent for ADDED. */
  readonly before?: KubeObject;
}

/** How many changes a watch can look back before it gets 410. */
const kept = 20_000;

/** The latest changes, for watches that start at an earlier resourceVersion. */
export class History {
  #changes: Change[] = [];
  #horizon: number;

  constructor(horizon: number) {
    this.#horizon = horizon;
  }

  /** The oldest resourceVersion that a watch may still start from. */
  get horizon(): number {
    return this.#horizon;
  }

  add(change: Change): void {
    this.#changes.push(change);
    if (this.#changes.length >= 2 * kept) this.#forget(this.#changes.length - kept);
  }

  /** Forgets everything up to now, as etcd does when it is compacted. */
  compact(): void {
    this.#forget(this.#changes.length);
  }

  since(revision: number): readonly Change[] {
    let from = this.#changes.length;
    while (from > 0 && (this.#changes[from - 1]?.revision ?? 0) > revision) from -= 1;
    return this.#changes.slice(from);
  }

  #forget(count: number): void {
    const last = this.#changes[count - 1];
    if (last === undefined) return;
    this.#horizon = last.revision;
    this.#changes = this.#changes.slice(count);
  }
}
