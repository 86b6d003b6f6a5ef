import type { Node } from '../model/schemas.ts';
import type { ClusterView } from './filter.ts';
import type { PodGroup } from './pod-groups.ts';

/** Numbers by topology key and value, such as how many pods of a kind are in `topology.kubernetes.io/zone` `a`. */
export class TopologyCounts {
  readonly #cluster: ClusterView;
  readonly #byKey = new Map<string, Map<string, number>>();

  constructor(cluster: ClusterView) {
    this.#cluster = cluster;
  }

  get isEmpty(): boolean {
    return this.#byKey.size === 0;
  }

  /** Adds to the domain of the key that the node is in, if it is in one. */
  add(key: string, node: Node | undefined, amount: number): void {
    const value = node?.metadata.labels?.[key];
    if (value === undefined) return;
    const domains = this.domains(key);
    this.#byKey.set(key, domains.set(value, (domains.get(value) ?? 0) + amount));
  }

  /** Each pod of the group weighs so much. */
  addPods(key: string, { onNodes }: PodGroup, weight = 1): void {
    for (const [node, count] of onNodes) {
      this.add(key, this.#cluster.node(node), count * weight);
    }
  }

  /** Of the domain of the key that the node is in. */
  of(key: string, node: Node): number {
    const value = node.metadata.labels?.[key];
    return value === undefined ? 0 : (this.#byKey.get(key)?.get(value) ?? 0);
  }

  /** Over all keys that were counted. */
  total(node: Node): number {
    let total = 0;
    for (const key of this.#byKey.keys()) total += this.of(key, node);
    return total;
  }

  domains(key: string): Map<string, number> {
    return this.#byKey.get(key) ?? new Map();
  }
}
