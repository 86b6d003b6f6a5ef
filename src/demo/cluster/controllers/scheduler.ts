import { Node as NodeKind, Pod as PodKind } from '../model/kinds.ts';
import { controllerOf, isTerminating, withCondition } from '../model/objects.ts';
import type { Node, Pod } from '../model/schemas.ts';
import type { Change } from '../storage/history.ts';
import { keyOf } from '../storage/store.ts';
import { asKind, type Controller, type ControlPlane, splitKey } from './controller.ts';
import { capacityOf, misfit } from './node-fit.ts';
import { NodeUsage } from './node-usage.ts';

const component = 'default-scheduler';

/** Binds pods to nodes; what fits nowhere stays Pending and says why. */
export function createScheduler(plane: ControlPlane): Controller {
  const { store, timings } = plane;
  const usage = new NodeUsage(store);
  const waiting = new Set<string>();
  return {
    delayMs: timings.schedulerMs,
    kinds: [PodKind],
    keysOf: (change) => {
      if (makesRoom(change)) return [...waiting];
      const pod = asKind(PodKind, change);
      return pod !== undefined && isUnbound(pod) ? [keyOf(pod)] : [];
    },
    reconcile: (key) => {
      const { namespace, name } = splitKey(key);
      const pod = store.get(PodKind, name, namespace);
      waiting.delete(key);
      if (pod === undefined || !isUnbound(pod)) return undefined;
      if (!schedule(plane, usage, pod)) waiting.add(key);
      return undefined;
    },
  };
}

function isUnbound(pod: Pod): boolean {
  return pod.spec.nodeName === undefined && !isTerminating(pod);
}

/** A new or changed node, or a pod that has gone, may let a waiting pod in. */
function makesRoom(change: Change): boolean {
  if (change.object.kind === NodeKind.kind) return change.type !== 'DELETED';
  return change.object.kind === PodKind.kind && change.type === 'DELETED';
}

/** Returns whether a node was found. */
function schedule(plane: ControlPlane, usage: NodeUsage, pod: Pod): boolean {
  const nodes = plane.store.list(NodeKind);
  const reasons = new Map<string, number>();
  const fitting: Node[] = [];
  for (const node of nodes) {
    const reason = misfit(pod, node, usage.of(node.metadata.name));
    if (reason === undefined) fitting.push(node);
    else reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  const best = bestOf(plane, usage, { pod, nodes: fitting });
  if (best === undefined) refuse(plane, pod, explain(nodes.length, reasons));
  else bind(plane, pod, best.metadata.name);
  return best !== undefined;
}

function explain(count: number, reasons: ReadonlyMap<string, number>): string {
  const parts = [...reasons].map(([reason, times]) => `${times} ${reason}`).sort();
  const none = `0/${count} nodes are available`;
  if (parts.length === 0) return 'no nodes available to schedule pods';
  return `${none}: ${parts.join(', ')}. preemption: ${none}: ${count} Preemption is not helpful for scheduling.`;
}

/** Spreads a workload over the nodes first, then fills the emptiest node; names decide where all else is equal. */
function bestOf(
  plane: ControlPlane,
  usage: NodeUsage,
  choice: { readonly pod: Pod; readonly nodes: readonly Node[] },
): Node | undefined {
  const siblings = siblingsByNode(plane, choice.pod);
  let best: { node: Node; siblings: number; load: number } | undefined;
  for (const node of choice.nodes) {
    const here = siblings.get(node.metadata.name) ?? 0;
    const load = loadOf(node, usage);
    const better =
      best === undefined || here < best.siblings || (here === best.siblings && load < best.load);
    if (better) best = { node, siblings: here, load };
  }
  return best?.node;
}

function siblingsByNode(plane: ControlPlane, pod: Pod): Map<string, number> {
  const counts = new Map<string, number>();
  const owner = controllerOf(pod)?.uid;
  if (owner === undefined) return counts;
  for (const sibling of plane.store.ownedBy(PodKind, owner)) {
    const node = sibling.spec.nodeName ?? '';
    if (!isTerminating(sibling)) counts.set(node, (counts.get(node) ?? 0) + 1);
  }
  return counts;
}

function loadOf(node: Node, usage: NodeUsage): number {
  const used = usage.of(node.metadata.name);
  const room = capacityOf(node);
  const cpu = used.cpu / Math.max(room.cpu, 0.001);
  const memory = used.memory / Math.max(room.memory, 1);
  return (cpu + memory) / 2;
}

function bind(plane: ControlPlane, pod: Pod, node: string): void {
  const bound = plane.store.change(pod, (draft) => {
    draft.spec.nodeName = node;
    draft.status = {
      ...draft.status,
      conditions: withCondition(
        draft.status?.conditions,
        {
          type: 'PodScheduled',
          status: 'True',
          lastProbeTime: null,
        },
        plane.store.timestamp(),
      ),
    };
  });
  const { namespace, name } = pod.metadata;
  plane.events.record(bound, {
    type: 'Normal',
    reason: 'Scheduled',
    message: `Successfully assigned ${namespace}/${name} to ${node}`,
    component,
  });
}

function refuse(plane: ControlPlane, pod: Pod, message: string): void {
  const refused = plane.store.change(pod, (draft) => {
    draft.status = {
      ...draft.status,
      conditions: withCondition(
        draft.status?.conditions,
        {
          type: 'PodScheduled',
          status: 'False',
          lastProbeTime: null,
          reason: 'Unschedulable',
          message,
        },
        plane.store.timestamp(),
      ),
    };
  });
  if (refused === pod) return;
  plane.events.record(refused, { type: 'Warning', reason: 'FailedScheduling', message, component });
}
