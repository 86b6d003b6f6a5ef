import { Pod as PodKind } from '../model/kinds.ts';
import {
  conditionStatus,
  isTerminating,
  type KubeObject,
  type Manifest,
  ownerReference,
} from '../model/objects.ts';
import type { Pod, PodSpec, PodTemplate } from '../model/schemas.ts';
import { ApiError } from '../registry/api-error.ts';
import { deleteObject } from '../registry/deletion.ts';
import type { Store } from '../storage/store.ts';
import type { ControlPlane } from './controller.ts';

export function isReady(pod: Pod): boolean {
  return !isTerminating(pod) && conditionStatus(pod.status?.conditions, 'Ready') === 'True';
}

export function isFinished(pod: Pod): boolean {
  return pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
}

/** The pods of a workload that count: neither going nor ended. */
export function activePods(store: Store, owner: KubeObject): Pod[] {
  return store
    .ownedBy(PodKind, owner.metadata.uid)
    .filter((pod) => !isTerminating(pod) && !isFinished(pod));
}

type Owner = KubeObject & { spec: { template: PodTemplate } };

interface PodDetails {
  readonly name?: string;
  readonly labels?: Record<string, string>;
  readonly spec?: Partial<PodSpec>;
}

/**
 * Creates a pod from its owner's template, under the owner's name and a suffix unless a name is given.
 * @throws ApiError where admission refuses the pod; the owner then has an event that says so
 */
export function createPod(plane: ControlPlane, owner: Owner, pod: PodDetails = {}): Pod {
  const component = `${owner.kind.toLowerCase()}-controller`;
  const { namespace } = owner.metadata;
  try {
    const created = plane.registry.create(PodKind, podManifest(owner, pod), { namespace });
    const message = `Created pod: ${created.metadata.name}`;
    plane.events.record(owner, { type: 'Normal', reason: 'SuccessfulCreate', message, component });
    return created;
  } catch (error) {
    if (error instanceof ApiError) {
      const message = refusalOf(owner, pod, error.message);
      plane.events.record(owner, { type: 'Warning', reason: 'FailedCreate', message, component });
    }
    throw error;
  }
}

function refusalOf(owner: Owner, pod: PodDetails, why: string): string {
  if (pod.name === undefined) return `Error creating: ${why}`;
  return `create Pod ${pod.name} in ${owner.kind} ${owner.metadata.name} failed error: ${why}`;
}

function podManifest(owner: Owner, pod: PodDetails): Manifest {
  const { template } = owner.spec;
  const { labels, annotations } = template.metadata ?? {};
  const prefix = `${owner.metadata.name}-`;
  return {
    apiVersion: 'v1',
    kind: PodKind.kind,
    metadata: {
      ...(pod.name === undefined ? { generateName: prefix } : { name: pod.name }),
      labels: { ...labels, ...pod.labels },
      ...(annotations === undefined ? {} : { annotations }),
      ownerReferences: [ownerReference(owner)],
    },
    spec: { ...structuredClone(template.spec), ...pod.spec },
  };
}

export function deletePod(plane: ControlPlane, pod: Pod): void {
  deleteObject(plane.store, { kind: PodKind, object: pod });
}

/** The order in which surplus pods go: unbound, pending and unready ones first, then the youngest. */
export function bySurplus(a: Pod, b: Pod): number {
  return (
    rank(a) - rank(b) || b.metadata.creationTimestamp.localeCompare(a.metadata.creationTimestamp)
  );
}

function rank(pod: Pod): number {
  if (pod.spec.nodeName === undefined) return 0;
  if (pod.status?.phase === 'Pending') return 1;
  return isReady(pod) ? 3 : 2;
}
