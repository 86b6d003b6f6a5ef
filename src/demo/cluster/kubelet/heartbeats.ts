import type { Controller, ControlPlane } from '../controllers/controller.ts';
import {
  ImageCache as CacheKind,
  Lease as LeaseKind,
  Node as NodeKind,
  KubeletState as StateKind,
} from '../model/kinds.ts';
import {
  type Condition,
  conditionStatus,
  microTimestamp,
  ownerReference,
  withCondition,
} from '../model/objects.ts';
import type { Node } from '../model/schemas.ts';
import type { Store } from '../storage/store.ts';
import { forgetImages, imagesInStatus } from './image-cache.ts';
import { kubeletState } from './kubelet-states.ts';

const leaseNamespace = 'kube-node-lease';

type Said = readonly [type: string, status: string, reason: string, message: string];

const healthy: readonly Said[] = [
  [
    'MemoryPressure',
    'False',
    'KubeletHasSufficientMemory',
    'kubelet has sufficient memory available',
  ],
  ['DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'],
  ['PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'],
  ['Ready', 'True', 'KubeletReady', 'kubelet is posting ready status'],
];

const shortOfMemory: Condition = {
  type: 'MemoryPressure',
  status: 'True',
  reason: 'KubeletHasInsufficientMemory',
  message: 'kubelet has insufficient memory available',
};

/** Each living kubelet renews its node's Lease, and posts its conditions when they change. */
export function createHeartbeats(plane: ControlPlane): Controller {
  const { store, timings } = plane;
  const postedImages = new Map<string, string | undefined>();
  return {
    delayMs: 0,
    kinds: [NodeKind],
    keysOf: ({ object, type }) =>
      object.kind === StateKind.kind || (object.kind === NodeKind.kind && type !== 'MODIFIED')
        ? [object.metadata.name]
        : [],
    reconcile: (name) => {
      const node = store.get(NodeKind, name);
      if (node === undefined) {
        forgetImages(store, name);
        return undefined;
      }
      if (kubeletState(store, name).dead) return undefined;
      renewLease(store, node);
      postConditions(store, node);
      postImages(store, store.get(NodeKind, name) ?? node, postedImages);
      return timings.heartbeatMs;
    },
  };
}

function renewLease(store: Store, node: Node): void {
  const { name } = node.metadata;
  const renewTime = microTimestamp(store.clock.now());
  const lease = store.get(LeaseKind, name, leaseNamespace);
  if (lease === undefined) {
    const owner = { ...ownerReference(node), controller: false, blockOwnerDeletion: false };
    store.put({
      apiVersion: 'coordination.k8s.io/v1',
      kind: LeaseKind.kind,
      metadata: {
        name,
        namespace: leaseNamespace,
        uid: `${node.metadata.uid}-lease`,
        creationTimestamp: store.timestamp(),
        ownerReferences: [owner],
      },
      spec: { holderIdentity: name, leaseDurationSeconds: 40, renewTime },
    });
    return;
  }
  store.change(lease, (draft) => {
    draft.spec = { ...draft.spec, renewTime };
  });
}

/** The kubelet's usual conditions, and over them what it was told to say; those of others stay. */
function postConditions(store: Store, node: Node): void {
  const said = new Map<string, Condition>();
  for (const [type, status, reason, message] of healthy) {
    // In other words, but the same: left as it is.
    if (conditionStatus(node.status?.conditions, type) !== status) {
      said.set(type, { type, status, reason, message });
    }
  }
  const { conditions: all, lowMemory } = kubeletState(store, node.metadata.name);
  if (lowMemory) said.set(shortOfMemory.type, shortOfMemory);
  for (const told of all) said.set(told.type, told);
  const at = store.timestamp();
  store.change(node, (draft) => {
    let conditions: Condition[] = draft.status?.conditions ?? [];
    for (const condition of said.values()) {
      const before = conditions.find((each) => each.type === condition.type);
      const same = before?.status === condition.status && before.reason === condition.reason;
      if (same && before.message === condition.message) continue;
      conditions = withCondition(conditions, { ...condition, lastHeartbeatTime: at }, at);
    }
    draft.status = { ...draft.status, conditions };
  });
}

/** The images on the node, where they have changed since they were last said. */
function postImages(store: Store, node: Node, posted: Map<string, string | undefined>): void {
  const { name } = node.metadata;
  const revision = store.get(CacheKind, name)?.metadata.resourceVersion;
  if (posted.get(name) === revision) return;
  posted.set(name, revision);
  store.change(node, (draft) => {
    draft.status = { ...draft.status, images: imagesInStatus(store, node) };
  });
}
