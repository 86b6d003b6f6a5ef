/** Object keys grouped by some property, so that nobody walks through all pods to find those of one node. */
export class IndexSet {
  readonly #groups = new Map<string, Set<string>>();

  add(group: string | undefined, key: string): void {
    if (group === undefined) return;
    const keys = this.#groups.get(group);
    if (keys === undefined) this.#groups.set(group, new Set([key]));
    else keys.add(key);
  }

  remove(group: string | undefined, key: string): void {
    if (group === undefined) return;
    const keys = this.#groups.get(group);
    keys?.delete(key);
    if (keys?.size === 0) this.#groups.delete(group);
  }

  keys(group: string): string[] {
    return [...(this.#groups.get(group) ?? [])].sort();
  }

  size(group: string): number {
    return this.#groups.get(group)?.size ?? 0;
  }
}
