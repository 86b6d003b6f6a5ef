import { isDeepStrictEqual } from 'node:util';
import { Pod as PodKind } from '../model/kinds.ts';
import { type Condition, isTerminating, withCondition } from '../model/objects.ts';
import type { Pod } from '../model/schemas.ts';
import { AssignedPods } from '../scheduling/assigned-pods.ts';
import { viewOf } from '../scheduling/cluster-view.ts';
import { findNode } from '../scheduling/find-node.ts';
import { reliefOf } from '../scheduling/reliefs.ts';
import { SchedulingQueue } from '../scheduling/scheduling-queue.ts';
import type { Change } from '../storage/history.ts';
import { keyOf } from '../storage/store.ts';
import { asKind, type Controller, type ControlPlane, splitKey } from './controller.ts';
import { isFinished } from './workload-pods.ts';

const component = 'default-scheduler';

/** How long pods are placed one after the other before other work gets its turn. */
const turnMs = 10;

/**
 * Binds pods to nodes, those of the highest priority first; what fits nowhere stays Pending, says why, and is tried again
 * when something has changed for it. It preempts nobody.
 */
export function createScheduler(plane: ControlPlane): Controller {
  const { store, timings } = plane;
  const assigned = new AssignedPods(store);
  const queue = new SchedulingQueue(timings.secondMs);
  return {
    delayMs: timings.schedulerMs,
    kinds: [PodKind],
    keysOf: (change) => (takeNote(queue, change) ? ['queue'] : []),
    reconcile: () => {
      const nextMs = queue.wake(store.clock.now());
      const end = performance.now() + turnMs;
      for (let key = queue.take(); key !== undefined; key = queue.take()) {
        scheduleOne(plane, { queue, assigned, key });
        if (performance.now() > end) return 0;
      }
      return nextMs;
    },
  };
}

/** Returns whether somebody's turn may have come. */
function takeNote(queue: SchedulingQueue, change: Change): boolean {
  const relief = queue.hasRefused ? reliefOf(change) : undefined;
  if (relief !== undefined) queue.relieve(relief);
  const pod = asKind(PodKind, change);
  if (pod === undefined) return relief !== undefined;
  if (change.type === 'DELETED' || !wantsNode(pod)) {
    queue.forget(keyOf(pod));
    return relief !== undefined;
  }
  if (!isNews(pod, change)) return relief !== undefined;
  queue.add(keyOf(pod), priorityOf(pod));
  return true;
}

/** Not what the scheduler itself has written on the pod. */
function isNews(pod: Pod, { before }: Change): boolean {
  if (before === undefined) return true;
  const { spec, metadata } = before as Pod;
  return !(
    isDeepStrictEqual(pod.spec, spec) && isDeepStrictEqual(pod.metadata.labels, metadata.labels)
  );
}

/** One that waits at a gate is not looked at before the gate is gone. */
function wantsNode(pod: Pod): boolean {
  const { nodeName, schedulingGates = [], schedulerName = component } = pod.spec;
  if (nodeName !== undefined || isTerminating(pod) || isFinished(pod)) return false;
  return schedulingGates.length === 0 && schedulerName === component;
}

function priorityOf({ spec }: Pod): number {
  return spec.priority ?? 0;
}

function scheduleOne(
  plane: ControlPlane,
  turn: { readonly queue: SchedulingQueue; readonly assigned: AssignedPods; readonly key: string },
): void {
  const { store } = plane;
  const { queue, key } = turn;
  const { namespace, name } = splitKey(key);
  const pod = store.get(PodKind, name, namespace);
  if (pod === undefined || !wantsNode(pod)) return;
  const placement = findNode(pod, viewOf(store, turn.assigned));
  if (placement.status === 'found') {
    bind(plane, pod, placement.node);
    return;
  }
  const { message, reliefs } = placement;
  queue.refuse(key, { priority: priorityOf(pod), reliefs, atMs: store.clock.now() });
  refuse(plane, pod, message);
}

function bind(plane: ControlPlane, pod: Pod, node: string): void {
  const bound = plane.store.change(pod, (draft) => {
    draft.spec.nodeName = node;
    setScheduled(plane, draft, { status: 'True' });
  });
  const { namespace, name } = pod.metadata;
  const message = `Successfully assigned ${namespace}/${name} to ${node}`;
  plane.events.record(bound, { type: 'Normal', reason: 'Scheduled', message, component });
}

function refuse(plane: ControlPlane, pod: Pod, message: string): void {
  const refused = plane.store.change(pod, (draft) => {
    setScheduled(plane, draft, { status: 'False', reason: 'Unschedulable', message });
  });
  plane.events.record(refused, { type: 'Warning', reason: 'FailedScheduling', message, component });
}

function setScheduled(
  plane: ControlPlane,
  draft: Pod,
  said: Pick<Condition, 'status' | 'reason' | 'message'>,
): void {
  const condition = { type: 'PodScheduled', lastProbeTime: null, ...said };
  const at = plane.store.timestamp();
  const conditions = withCondition(draft.status?.conditions, condition, at);
  draft.status = { ...draft.status, conditions };
}
