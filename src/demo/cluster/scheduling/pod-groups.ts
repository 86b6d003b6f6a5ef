import type { Pod } from '../model/schemas.ts';

/** Pods that are alike, and how many of them each node has. */
export interface PodGroup {
  readonly sample: Pod;
  readonly onNodes: ReadonlyMap<string, number>;
}

/**
 * Pods on nodes, put together where they are alike: a rule looks at a few hundred groups rather than at thousands of pods.
 */
export class PodGroups {
  readonly #likeness: (pod: Pod) => string;
  readonly #groups = new Map<
    string,
    { readonly sample: Pod; readonly onNodes: Map<string, number> }
  >();

  constructor(likeness: (pod: Pod) => string) {
    this.#likeness = likeness;
  }

  [Symbol.iterator](): Iterator<PodGroup> {
    return this.#groups.values();
  }

  add(pod: Pod): void {
    const key = this.#likeness(pod);
    const group = this.#groups.get(key) ?? { sample: pod, onNodes: new Map<string, number>() };
    this.#groups.set(key, group);
    const node = pod.spec.nodeName ?? '';
    group.onNodes.set(node, (group.onNodes.get(node) ?? 0) + 1);
  }

  remove(pod: Pod): void {
    const key = this.#likeness(pod);
    const onNodes = this.#groups.get(key)?.onNodes;
    const node = pod.spec.nodeName ?? '';
    const left = (onNodes?.get(node) ?? 0) - 1;
    if (left > 0) onNodes?.set(node, left);
    else onNodes?.delete(node);
    if (onNodes?.size === 0) this.#groups.delete(key);
  }
}
