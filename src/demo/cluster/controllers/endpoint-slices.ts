import {
  Node as NodeKind,
  Pod as PodKind,
  Service as ServiceKind,
  EndpointSlice as SliceKind,
} from '../model/kinds.ts';
import { conditionStatus, isTerminating, type Manifest, ownerReference } from '../model/objects.ts';
import type { Pod, Service } from '../model/schemas.ts';
import { selects } from '../model/selectors.ts';
import type { Change } from '../storage/history.ts';
import { keyOf, type Store } from '../storage/store.ts';
import { type Controller, type ControlPlane, splitKey } from './controller.ts';
import { isFinished } from './workload-pods.ts';

const perSlice = 100;

/** Keeps the EndpointSlices of each Service that selects pods. */
export function createEndpointSlices(plane: ControlPlane): Controller {
  const { store, timings } = plane;
  return {
    delayMs: timings.controllerMs,
    kinds: [ServiceKind],
    keysOf: (change) => servicesOf(store, change),
    reconcile: (key) => {
      const { namespace, name } = splitKey(key);
      const service = store.get(ServiceKind, name, namespace);
      if (service?.spec.selector === undefined || isTerminating(service)) return undefined;
      syncSlices(plane, service);
      return undefined;
    },
  };
}

function servicesOf(store: Store, change: Change): string[] {
  const { object, before } = change;
  if (object.kind === ServiceKind.kind) return [keyOf(object)];
  if (object.kind !== PodKind.kind) return [];
  const labels = [object, before].map((each) => each?.metadata.labels ?? {});
  return store
    .list(ServiceKind, object.metadata.namespace)
    .filter(({ spec: { selector } }) =>
      labels.some((each) => selector && selects({ matchLabels: selector }, each)),
    )
    .map(keyOf);
}

function syncSlices(plane: ControlPlane, service: Service): void {
  const { store } = plane;
  const { namespace } = service.metadata;
  const pods = store
    .list(PodKind, namespace)
    .filter((pod) => selects({ matchLabels: service.spec.selector }, pod.metadata.labels))
    .filter((pod) => pod.status?.podIP !== undefined && !isFinished(pod));
  const slices = store.ownedBy(SliceKind, service.metadata.uid);
  const count = Math.max(1, Math.ceil(pods.length / perSlice));
  for (let index = 0; index < count; index += 1) {
    const some = pods.slice(index * perSlice, (index + 1) * perSlice);
    const endpoints = some.map((pod) => endpointOf(store, pod));
    const slice = slices[index];
    if (slice === undefined) create(plane, service, endpoints);
    else
      store.change(slice, (draft) => {
        draft['endpoints'] = endpoints;
      });
  }
  for (const surplus of slices.slice(count)) store.remove(surplus);
}

function create(plane: ControlPlane, service: Service, endpoints: unknown[]): void {
  const { name, namespace } = service.metadata;
  const manifest: Manifest = {
    apiVersion: 'discovery.k8s.io/v1',
    kind: SliceKind.kind,
    metadata: {
      generateName: `${name}-`,
      labels: {
        'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
        'kubernetes.io/service-name': name,
      },
      ownerReferences: [ownerReference(service)],
    },
    addressType: 'IPv4',
    endpoints,
    ports: (service.spec.ports ?? []).map((port) => ({
      name: port.name ?? '',
      protocol: port.protocol ?? 'TCP',
      port: port.targetPort ?? port.port,
    })),
  };
  plane.registry.create(SliceKind, manifest, { namespace });
}

function endpointOf(store: Store, pod: Pod): unknown {
  const { name, namespace, uid } = pod.metadata;
  const nodeName = pod.spec.nodeName ?? '';
  const zone = store.get(NodeKind, nodeName)?.metadata.labels?.['topology.kubernetes.io/zone'];
  const serving = conditionStatus(pod.status?.conditions, 'Ready') === 'True';
  const terminating = isTerminating(pod);
  return {
    addresses: [pod.status?.podIP],
    conditions: { ready: serving && !terminating, serving, terminating },
    nodeName,
    targetRef: { kind: 'Pod', name, namespace, uid },
    ...(zone === undefined ? {} : { zone }),
  };
}
