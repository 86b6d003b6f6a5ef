import type { Controller, ControlPlane } from '../controllers/controller.ts';
import { Lease as LeaseKind, Node as NodeKind } from '../model/kinds.ts';
import {
  type Condition,
  conditionStatus,
  microTimestamp,
  ownerReference,
  withCondition,
} from '../model/objects.ts';
import type { Node } from '../model/schemas.ts';
import type { Store } from '../storage/store.ts';
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

/** Each living kubelet renews its node's Lease, and posts its conditions when they change. */
export function createHeartbeats(plane: ControlPlane): Controller {
  const { store, timings } = plane;
  return {
    delayMs: 0,
    kinds: [NodeKind],
    keysOf: ({ object, type }) =>
      object.kind === 'KubeletState' || (object.kind === NodeKind.kind && type === 'ADDED')
        ? [object.metadata.name]
        : [],
    reconcile: (name) => {
      const node = store.get(NodeKind, name);
      if (node === undefined) return undefined;
      if (kubeletState(store, name).dead) return undefined;
      renewLease(store, node);
      postConditions(store, node);
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
  for (const told of kubeletState(store, node.metadata.name).conditions) said.set(told.type, told);
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
