import { unreachableStatus } from '../kubelet/pod-status.ts';
import { Lease as LeaseKind, Node as NodeKind, Pod as PodKind } from '../model/kinds.ts';
import { type Condition, conditionStatus, withCondition } from '../model/objects.ts';
import type { Node, Taint } from '../model/schemas.ts';
import type { Controller, ControlPlane } from './controller.ts';

interface Seen {
  readonly renewTime: string;
  /** When the kubelet was last heard of. */
  readonly at: number;
  /**
   * Set when it was found silent: only a second look, at this time or later, decides, so that a busy process is not taken
   * for a dead kubelet.
   */
  readonly decideAt?: number;
}

/** The taint that a condition brings when it holds. */
const byCondition: Readonly<Record<string, string>> = {
  MemoryPressure: 'node.kubernetes.io/memory-pressure',
  DiskPressure: 'node.kubernetes.io/disk-pressure',
  PIDPressure: 'node.kubernetes.io/pid-pressure',
  NetworkUnavailable: 'node.kubernetes.io/network-unavailable',
};

const managed = new Set([
  'node.kubernetes.io/unschedulable',
  'node.kubernetes.io/not-ready',
  'node.kubernetes.io/unreachable',
  ...Object.values(byCondition),
]);

/** Watches whether kubelets still answer, and taints nodes that are cordoned, not ready, unreachable or short of something. */
export function createNodeLifecycle(plane: ControlPlane): Controller {
  const { store, timings } = plane;
  const seen = new Map<string, Seen>();
  return {
    delayMs: timings.controllerMs,
    kinds: [NodeKind],
    keysOf: ({ object }) => (object.kind === NodeKind.kind ? [object.metadata.name] : []),
    reconcile: (name) => {
      const node = store.get(NodeKind, name);
      if (node === undefined) {
        seen.delete(name);
        return undefined;
      }
      const nextLookMs = watchLease(plane, seen, node);
      syncTaints(plane, store.get(NodeKind, name) ?? node);
      return nextLookMs;
    },
  };
}

/** Returns when to look again. */
function watchLease(plane: ControlPlane, seen: Map<string, Seen>, node: Node): number {
  const { store, timings } = plane;
  const { name } = node.metadata;
  const now = store.clock.now();
  const doubtMs = Math.min(2 * timings.heartbeatMs, timings.nodeGraceMs);
  const renewTime = store.get(LeaseKind, name, 'kube-node-lease')?.spec?.renewTime ?? '';
  let last: Seen | undefined = seen.get(name);
  if (last?.renewTime !== renewTime) {
    last = { renewTime, at: Date.parse(renewTime) || now };
    seen.set(name, last);
  }
  const left = last.at + timings.nodeGraceMs - now;
  if (left > doubtMs) return left - doubtMs;
  const decideAt = last.decideAt ?? now + Math.max(left, doubtMs);
  seen.set(name, { ...last, decideAt });
  if (now < decideAt) return decideAt - now;
  markUnknown(plane, node);
  return timings.nodeGraceMs;
}

function markUnknown(plane: ControlPlane, node: Node): void {
  if (conditionStatus(node.status?.conditions, 'Ready') === 'Unknown') return;
  const { store, events } = plane;
  const types = ['MemoryPressure', 'DiskPressure', 'PIDPressure', 'Ready'];
  const at = store.timestamp();
  const marked = store.change(node, (draft) => {
    let conditions: Condition[] = draft.status?.conditions ?? [];
    for (const type of types) {
      const reason = 'NodeStatusUnknown';
      const message = 'Kubelet stopped posting node status.';
      conditions = withCondition(conditions, { type, status: 'Unknown', reason, message }, at);
    }
    draft.status = { ...draft.status, conditions };
  });
  const { name } = node.metadata;
  events.record(marked, {
    type: 'Normal',
    reason: 'NodeNotReady',
    message: `Node ${name} status is now: NodeNotReady`,
    component: 'node-controller',
  });
  for (const pod of store.podsOnNode(PodKind, name)) {
    store.change(pod, (draft) => {
      draft.status = unreachableStatus(pod, at);
    });
  }
}

/** The taints that the node's state asks for. */
function wantedTaints(node: Node): Taint[] {
  const taints: Taint[] = [];
  if (node.spec?.unschedulable) {
    taints.push({ key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' });
  }
  for (const [type, key] of Object.entries(byCondition)) {
    if (conditionStatus(node.status?.conditions, type) !== 'True') continue;
    taints.push({ key, effect: 'NoSchedule' });
  }
  // A node that nobody has spoken for yet is given the time to do so.
  const ready = conditionStatus(node.status?.conditions, 'Ready') ?? 'True';
  if (ready !== 'True') {
    const key = `node.kubernetes.io/${ready === 'False' ? 'not-ready' : 'unreachable'}`;
    taints.push({ key, effect: 'NoSchedule' }, { key, effect: 'NoExecute' });
  }
  return taints;
}

function syncTaints(plane: ControlPlane, node: Node): void {
  const present = node.spec?.taints ?? [];
  const wanted = wantedTaints(node).map((taint) => {
    const there = present.find((each) => each.key === taint.key && each.effect === taint.effect);
    return there ?? { ...taint, timeAdded: plane.store.timestamp() };
  });
  const taints = [...present.filter((taint) => !managed.has(taint.key)), ...wanted];
  plane.store.change(node, (draft) => {
    const { taints: _, ...spec } = draft.spec ?? {};
    draft.spec = taints.length === 0 ? spec : { ...spec, taints };
  });
}
