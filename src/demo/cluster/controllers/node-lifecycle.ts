import { Lease as LeaseKind, Node as NodeKind, Pod as PodKind } from '../model/kinds.ts';
import { type Condition, conditionStatus, timestamp, withCondition } from '../model/objects.ts';
import type { Node, Taint } from '../model/schemas.ts';
import type { Controller, ControlPlane } from './controller.ts';
import { unreachableStatus } from './pod-status.ts';

interface Seen {
  readonly renewTime: string;
  readonly at: number;
  /** Found silent once: only the second look decides, so that a busy process is not taken for a dead kubelet. */
  readonly doubted: boolean;
}

const managed = new Set([
  'node.kubernetes.io/unschedulable',
  'node.kubernetes.io/not-ready',
  'node.kubernetes.io/unreachable',
]);

/** Watches whether kubelets still answer, and taints nodes that are cordoned, not ready or unreachable. */
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
  const { name } = node.metadata;
  const { nodeGraceMs, heartbeatMs } = plane.timings;
  const renewTime = plane.store.get(LeaseKind, name, 'kube-node-lease')?.spec?.renewTime ?? '';
  const before = seen.get(name);
  if (before?.renewTime !== renewTime) {
    seen.set(name, { renewTime, at: Date.now(), doubted: false });
    return nodeGraceMs;
  }
  const left = before.at + nodeGraceMs - Date.now();
  if (left > 0) return left;
  if (!before.doubted) {
    seen.set(name, { ...before, doubted: true });
    return 2 * heartbeatMs;
  }
  markUnknown(plane, node);
  return nodeGraceMs;
}

function markUnknown(plane: ControlPlane, node: Node): void {
  if (conditionStatus(node.status?.conditions, 'Ready') === 'Unknown') return;
  const { store, events } = plane;
  const types = ['MemoryPressure', 'DiskPressure', 'PIDPressure', 'Ready'];
  const marked = store.change(node, (draft) => {
    let conditions: Condition[] = draft.status?.conditions ?? [];
    for (const type of types) {
      const reason = 'NodeStatusUnknown';
      const message = 'Kubelet stopped posting node status.';
      conditions = withCondition(conditions, { type, status: 'Unknown', reason, message });
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
      draft.status = unreachableStatus(pod);
    });
  }
}

/** The taints that the node's state asks for. */
function wantedTaints(node: Node): Taint[] {
  const taints: Taint[] = [];
  if (node.spec?.unschedulable) {
    taints.push({ key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' });
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
    return there ?? { ...taint, timeAdded: timestamp() };
  });
  const taints = [...present.filter((taint) => !managed.has(taint.key)), ...wanted];
  plane.store.change(node, (draft) => {
    const { taints: _, ...spec } = draft.spec ?? {};
    draft.spec = taints.length === 0 ? spec : { ...spec, taints };
  });
}
