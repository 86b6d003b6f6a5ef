import { Pod as PodKind } from '../model/kinds.ts';
import type { Pod } from '../model/schemas.ts';
import type { Change } from '../storage/history.ts';
import type { Store } from '../storage/store.ts';
import { type Amounts, requestsOf } from './node-fit.ts';

/** What the pods of each node have requested, kept up to date rather than counted anew. */
export class NodeUsage {
  readonly #used = new Map<string, Amounts>();

  constructor(store: Store) {
    for (const pod of store.list(PodKind)) this.#add(pod, 1);
    store.onChange((change) => this.#follow(change));
  }

  of(node: string): Amounts {
    return this.#used.get(node) ?? { cpu: 0, memory: 0, pods: 0 };
  }

  #follow(change: Change): void {
    if (change.object.kind !== PodKind.kind) return;
    if (change.before !== undefined) this.#add(change.before as Pod, -1);
    if (change.type !== 'DELETED') this.#add(change.object as Pod, 1);
  }

  #add(pod: Pod, sign: 1 | -1): void {
    const node = pod.spec.nodeName;
    const finished = pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
    if (node === undefined || finished) return;
    const used = this.of(node);
    const requested = requestsOf(pod);
    this.#used.set(node, {
      cpu: used.cpu + sign * requested.cpu,
      memory: used.memory + sign * requested.memory,
      pods: used.pods + sign,
    });
  }
}
