import { Node as NodeKind, Pod as PodKind } from '../model/kinds.ts';
import { isTerminating, withCondition } from '../model/objects.ts';
import type { Node, Pod, Taint } from '../model/schemas.ts';
import { deleteObject } from '../registry/deletion.ts';
import { staySeconds } from '../scheduling/tolerations.ts';
import type { Controller, ControlPlane } from './controller.ts';
import { isFinished } from './workload-pods.ts';

/** Deletes pods that do not tolerate a NoExecute taint of their node, when their time is up. No budget is asked. */
export function createTaintEviction(plane: ControlPlane): Controller {
  const { store, timings } = plane;
  return {
    delayMs: timings.controllerMs,
    kinds: [NodeKind],
    keysOf: ({ object }) => (object.kind === NodeKind.kind ? [object.metadata.name] : []),
    reconcile: (name) => {
      const node = store.get(NodeKind, name);
      const soonest = node === undefined ? undefined : expel(plane, node);
      return soonest !== undefined && Number.isFinite(soonest) ? soonest : undefined;
    },
  };
}

/** Returns how long until the next pod's time is up; Infinity where none's will be. */
function expel(plane: ControlPlane, node: Node): number {
  const taints = (node.spec?.taints ?? []).filter((taint) => taint.effect === 'NoExecute');
  let soonest = Number.POSITIVE_INFINITY;
  if (taints.length === 0) return soonest;
  for (const pod of plane.store.podsOnNode(PodKind, node.metadata.name)) {
    if (isTerminating(pod) || isFinished(pod)) continue;
    const left = Math.min(...taints.map((taint) => leftMs(plane, pod, taint)));
    if (left > 0) soonest = Math.min(soonest, left);
    else remove(plane, pod);
  }
  return soonest;
}

function leftMs(plane: ControlPlane, pod: Pod, taint: Taint): number {
  const now = plane.store.clock.now();
  const since = Date.parse(taint.timeAdded ?? '') || now;
  return since + staySeconds(pod, taint) * plane.timings.secondMs - now;
}

function remove(plane: ControlPlane, pod: Pod): void {
  const { store } = plane;
  const marked = store.change(pod, (draft) => {
    draft.status = {
      ...draft.status,
      conditions: withCondition(
        draft.status?.conditions,
        {
          type: 'DisruptionTarget',
          status: 'True',
          lastProbeTime: null,
          reason: 'DeletionByTaintManager',
          message: 'Taint manager: deleting due to NoExecute taint',
        },
        store.timestamp(),
      ),
    };
  });
  plane.events.record(marked, {
    type: 'Normal',
    reason: 'TaintManagerEviction',
    message: `Marking for deletion Pod ${pod.metadata.namespace}/${pod.metadata.name}`,
    component: 'taint-eviction-controller',
  });
  deleteObject(store, { kind: PodKind, object: marked });
}
