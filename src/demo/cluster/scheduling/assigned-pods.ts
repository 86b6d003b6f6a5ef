import { Pod as PodKind } from '../model/kinds.ts';
import { isTerminating } from '../model/objects.ts';
import type { Pod } from '../model/schemas.ts';
import type { Change } from '../storage/history.ts';
import type { Store } from '../storage/store.ts';
import { type Amounts, none, requestsOf, shifted } from './amounts.ts';
import { PodGroups } from './pod-groups.ts';

/** The pods that are on nodes, kept as the scheduler asks for them rather than searched for each pod anew. */
export class AssignedPods {
  readonly #used = new Map<string, Amounts>();
  readonly #byNamespace = new Map<string, PodGroups>();
  /** By what they want of other pods; those that want nothing are not in it. */
  readonly withAffinity = new PodGroups(({ metadata, spec }) =>
    JSON.stringify([metadata.namespace, spec.affinity]),
  );

  constructor(store: Store) {
    for (const pod of store.list(PodKind)) this.#add(pod);
    store.onChange((change) => this.#follow(change));
  }

  /** What the pods of the node have requested. */
  usage(node: string): Amounts {
    return this.#used.get(node) ?? none;
  }

  /** By their labels, those that are terminating for themselves. */
  inNamespace(namespace: string): PodGroups {
    const known = this.#byNamespace.get(namespace);
    if (known !== undefined) return known;
    const groups = new PodGroups((pod) =>
      JSON.stringify([isTerminating(pod), pod.metadata.labels]),
    );
    this.#byNamespace.set(namespace, groups);
    return groups;
  }

  #follow(change: Change): void {
    if (change.object.kind !== PodKind.kind) return;
    if (change.before !== undefined) this.#remove(change.before as Pod);
    if (change.type !== 'DELETED') this.#add(change.object as Pod);
  }

  #add(pod: Pod): void {
    const node = assignedNode(pod);
    if (node === undefined) return;
    this.#used.set(node, shifted(this.usage(node), requestsOf(pod), 1));
    this.inNamespace(pod.metadata.namespace ?? '').add(pod);
    if (wantsOfOthers(pod)) this.withAffinity.add(pod);
  }

  #remove(pod: Pod): void {
    const node = assignedNode(pod);
    if (node === undefined) return;
    this.#used.set(node, shifted(this.usage(node), requestsOf(pod), -1));
    this.inNamespace(pod.metadata.namespace ?? '').remove(pod);
    if (wantsOfOthers(pod)) this.withAffinity.remove(pod);
  }
}

function wantsOfOthers({ spec }: Pod): boolean {
  const { podAffinity, podAntiAffinity } = spec.affinity ?? {};
  return podAffinity !== undefined || podAntiAffinity !== undefined;
}

/** The node whose resources the pod takes up; one that has ended takes none. */
export function assignedNode({ spec, status }: Pod): string | undefined {
  const isFinished = status?.phase === 'Succeeded' || status?.phase === 'Failed';
  return isFinished ? undefined : spec.nodeName;
}
