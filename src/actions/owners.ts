import type { Cluster, ResourceType } from '../kubernetes/kubernetes.ts';
import { Deployment } from '../kubernetes/resources/deployment.ts';
import {
  controllerOf,
  type Metadata,
  type OwnerReference,
} from '../kubernetes/resources/metadata.ts';
import { Pod } from '../kubernetes/resources/pod.ts';
import {
  DaemonSet,
  Job,
  ReplicaSet,
  StatefulSet,
  type Workload,
} from '../kubernetes/resources/workload.ts';
import type { ClusterReader } from './cluster-reader.ts';
import { selectorQuery } from './label-selector.ts';
import { isServing, whyUnschedulable } from './pod-state.ts';

/** What keeps a pod, followed up to the object that a person would edit: the Deployment, not its ReplicaSet. */
export interface Owner {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  /** Absent where the kind is not known to us: then its numbers are not either. */
  readonly workload?: Workload;
  /** Its controller is named by the pod, but does not exist: nothing recreates the pod. */
  readonly missing: boolean;
}

const WORKLOADS: ReadonlyMap<string, ResourceType<Workload>> = new Map(
  [Deployment, ReplicaSet, StatefulSet, DaemonSet, Job].map((type) => [type.kind, type]),
);

export function ownerText(owner: Pick<Owner, 'kind' | 'namespace' | 'name'>): string {
  return `${owner.kind} ${owner.namespace}/${owner.name}`;
}

/** Looks up owners, each object once: make one per plan. */
export class Owners {
  readonly #cluster: Cluster;
  readonly #known = new Map<string, Promise<Owner>>();

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  /** Undefined where the pod names no controller at all. */
  async of(pod: Pick<Pod, 'metadata'>): Promise<Owner | undefined> {
    const reference = controllerOf(pod.metadata);
    if (reference === undefined) return undefined;
    return this.#follow(reference, pod.metadata);
  }

  #follow(reference: OwnerReference, child: Metadata): Promise<Owner> {
    const known = this.#known.get(reference.uid);
    if (known !== undefined) return known;
    const asked = this.#ask(reference, child.namespace ?? 'default');
    this.#known.set(reference.uid, asked);
    return asked;
  }

  async #ask({ kind, name, uid }: OwnerReference, namespace: string): Promise<Owner> {
    const type = WORKLOADS.get(kind);
    if (type === undefined) return { kind, namespace, name, uid, missing: false };
    const workload = await this.#cluster.find(type, { namespace, name });
    if (workload === undefined || workload.metadata.uid !== uid) {
      return { kind, namespace, name, uid, missing: true };
    }
    const above = controllerOf(workload.metadata);
    if (above !== undefined && WORKLOADS.has(above.kind)) {
      const owner = await this.#follow(above, workload.metadata);
      if (!owner.missing) return owner;
    }
    return { kind, namespace, name, uid, workload, missing: false };
  }
}

/** How a workload stands, counted from its pods: its own status lags behind them. */
export interface Readiness {
  /** Undefined where the kind is not known, or has no fixed number (a Job). */
  readonly desired: number | undefined;
  readonly ready: number;
  readonly readyUids: ReadonlySet<string>;
  /** Pods for which the scheduler finds no node, in its words. */
  readonly unschedulable: readonly string[];
}

/** Undefined where the workload is gone: then there is nothing to be ready. */
export async function readinessOf(
  cluster: ClusterReader,
  owner: Pick<Owner, 'kind' | 'namespace' | 'name' | 'uid'>,
): Promise<Readiness | undefined> {
  const type = WORKLOADS.get(owner.kind);
  const workload = type && (await cluster.find(type, owner));
  if (type !== undefined && workload === undefined) return undefined;
  const selector = workload?.spec.selector;
  const pods = await cluster.list(Pod, {
    namespace: owner.namespace,
    ...(selector && { labelSelector: selectorQuery(selector) }),
  });
  const uid = workload?.metadata.uid ?? owner.uid;
  const own = pods.filter((pod) => belongsTo(pod, { kind: owner.kind, uid }));
  const serving = own.filter(isServing);
  return {
    desired: workload && owner.kind !== 'Job' ? workload.spec.replicas : undefined,
    ready: serving.length,
    readyUids: new Set(serving.map((pod) => pod.metadata.uid)),
    unschedulable: own.flatMap((pod) => {
      const why = whyUnschedulable(pod);
      return why === undefined ? [] : [`${pod.metadata.name} finds no node: ${why}`];
    }),
  };
}

/** A Deployment's pods name its ReplicaSets; its selector has already narrowed them down. */
function belongsTo(pod: Pod, owner: Pick<Owner, 'kind' | 'uid'>): boolean {
  const reference = controllerOf(pod.metadata);
  if (reference === undefined) return false;
  if (owner.kind === 'Deployment') return reference.kind === 'ReplicaSet';
  return reference.uid === owner.uid;
}
