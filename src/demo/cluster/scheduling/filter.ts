import type { Node, Pod } from '../model/schemas.ts';
import type { AssignedPods } from './assigned-pods.ts';

/** What may let a pod in that found no node. */
export type Relief = 'node' | 'pod-gone' | 'pod-placed' | 'volume';

/** Why a pod cannot go to a node, in the scheduler's words. */
export interface Misfit {
  readonly reasons: readonly string[];
  /** Fewer pods on the node would make room; the scheduler then looks whom it could preempt. */
  readonly preemptible: boolean;
}

/** Whether the pod that it was made for may go to a node. */
export type NodeFilter = (node: Node) => Misfit | undefined;

/** One rule of the scheduler, which it calls a plugin. */
export interface FilterRule {
  readonly reliefs: readonly Relief[];
  /** Undefined where the pod asks for nothing of the kind; a text where, for this reason, no node will do. */
  prepare(pod: Pod, cluster: ClusterView): NodeFilter | string | undefined;
}

/** What the scheduler knows of the cluster. */
export interface ClusterView {
  readonly nodes: readonly Node[];
  readonly assigned: AssignedPods;
  node(name: string): Node | undefined;
  /** The pods that take up room on a node. */
  podsOn(node: string): readonly Pod[];
  /** The pods of a namespace that take up room on any node. */
  assignedIn(namespace: string): readonly Pod[];
  /** The pods that have this owner. */
  siblings(owner: string): readonly Pod[];
  /** The names of the namespaces whose labels fit. */
  namespaces(fits: (labels: Readonly<Record<string, string>>) => boolean): readonly string[];
  /** What a claim of this namespace is bound to. */
  volume(namespace: string, claim: string): BoundVolume;
}

export type BoundVolume =
  | { readonly status: 'missing' }
  | { readonly status: 'unbound' }
  | { readonly status: 'lost'; readonly volumeName: string }
  | {
      readonly status: 'bound';
      readonly oncePerCluster: boolean;
      readonly mayBeOn: (node: Node) => boolean;
    };

export function hopeless(reason: string): Misfit {
  return { reasons: [reason], preemptible: false };
}

export function preemptible(reason: string): Misfit {
  return { reasons: [reason], preemptible: true };
}
