import { memoryUse } from '../kubelet/memory-use.ts';
import { Node as NodeKind, Pod as PodKind } from '../model/kinds.ts';
import type { KubeObject } from '../model/objects.ts';
import { parseQuantity } from '../model/quantities.ts';
import type { Container, Pod } from '../model/schemas.ts';
import { ApiError } from '../registry/api-error.ts';
import type { Store } from '../storage/store.ts';
import type { ApiRequest } from './request.ts';
import { findTarget, type Target } from './routes.ts';
import { parseSelection, selectObjects } from './selection.ts';

export const metricsGroup = 'metrics.k8s.io/v1beta1';
const root = `/apis/${metricsGroup}/`;

/** What discovery says of it. */
export const metricsResources = [
  {
    name: 'nodes',
    singularName: '',
    namespaced: false,
    kind: 'NodeMetrics',
    verbs: ['get', 'list'],
  },
  { name: 'pods', singularName: '', namespaced: true, kind: 'PodMetrics', verbs: ['get', 'list'] },
];

/**
 * Answers for a metrics server: what `kubectl top` asks. Containers use half of the processors they request, and of memory what
 * the kubelet takes them to use. Undefined for any other path.
 * @throws ApiError 404 for a pod that does not run, or a node that is not there
 */
export function measure(store: Store, request: ApiRequest): unknown {
  if (!request.path.startsWith(root)) return undefined;
  const target = findTarget(store, `/api/v1/${request.path.slice(root.length)}`);
  if (target === undefined || target.subresource !== undefined) return undefined;
  if (target.kind !== PodKind && target.kind !== NodeKind) return undefined;
  const objects = selectObjects(store, parseSelection(target, request.query));
  const measured = objects.filter(isMeasured).map((object) => metricsOf(store, object));
  const kind = `${target.kind.kind}Metrics`;
  if (target.name === undefined) {
    return { kind: `${kind}List`, apiVersion: metricsGroup, metadata: {}, items: measured };
  }
  const [only] = measured;
  if (only === undefined) throw notMeasured(target);
  return { kind, apiVersion: metricsGroup, ...only };
}

function isMeasured(object: KubeObject): boolean {
  return object.kind === NodeKind.kind || (object as Pod).status?.phase === 'Running';
}

function metricsOf(store: Store, object: KubeObject): object {
  const { name, namespace, labels } = object.metadata;
  const timestamp = store.timestamp();
  const metadata = { name, namespace, creationTimestamp: timestamp, labels };
  if (object.kind === NodeKind.kind) {
    const pods = store.podsOnNode(PodKind, name).filter(isMeasured);
    return { metadata, timestamp, window: '20s', usage: sum(pods.flatMap(usesOf)) };
  }
  const containers = (object as Pod).spec.containers.map((container) => ({
    name: container.name,
    usage: sum([useOf(object as Pod, container)]),
  }));
  return { metadata, timestamp, window: '15s', containers };
}

interface Use {
  readonly cores: number;
  readonly bytes: number;
}

function usesOf(pod: Pod): Use[] {
  return pod.spec.containers.map((container) => useOf(pod, container));
}

function useOf(pod: Pod, container: Container): Use {
  const cores = parseQuantity(container.resources?.requests?.['cpu']) / 2;
  return { cores, bytes: memoryUse(pod, container) };
}

function sum(uses: readonly Use[]): { readonly cpu: string; readonly memory: string } {
  let cores = 0;
  let bytes = 0;
  for (const use of uses) {
    cores += use.cores;
    bytes += use.bytes;
  }
  return { cpu: `${Math.round(cores * 1e9)}n`, memory: `${Math.round(bytes / 1024)}Ki` };
}

function notMeasured({ kind, namespace, name }: Target): ApiError {
  const resource = `${kind.kind.toLowerCase()}metrics.metrics.k8s.io`;
  const full = namespace === undefined ? name : `${namespace}/${name}`;
  return new ApiError({
    code: 404,
    reason: 'NotFound',
    message: `${resource} "${full}" not found`,
    details: { name: String(full), group: 'metrics.k8s.io', kind: `${kind.plural}` },
  });
}
