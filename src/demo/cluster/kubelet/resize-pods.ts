import { isDeepStrictEqual } from 'node:util';
import type { ControlPlane } from '../controllers/controller.ts';
import { Pod as PodKind } from '../model/kinds.ts';
import { conditionStatus, withCondition } from '../model/objects.ts';
import type { Node, Pod } from '../model/schemas.ts';
import { capacityOf, requestsOf } from '../scheduling/amounts.ts';

const pending = 'PodResizePending';
/** A deferred resize is looked at again so often. */
const againMs = 1000;

interface Place {
  readonly pod: Pod;
  readonly node: Node;
}

/** Whether the containers run with other resources than the pod's spec wants by now. */
export function isResizing(pod: Pod): boolean {
  const { containerStatuses = [] } = pod.status ?? {};
  return pod.spec.containers.some(({ name, resources = {} }) => {
    const actual = containerStatuses.find((each) => each.name === name)?.['resources'];
    return actual !== undefined && !isDeepStrictEqual(actual, resources);
  });
}

/** The kubelet gives running containers what they want, where its node has it. Returns when to look again, in milliseconds. */
export function resize(plane: ControlPlane, place: Place): number | undefined {
  const { pod } = place;
  const refusal = refusalOf(plane, place);
  const at = plane.store.timestamp();
  plane.store.change(pod, (draft) => {
    const { conditions = [], containerStatuses = [] } = draft.status ?? {};
    if (refusal !== undefined) {
      const condition = { type: pending, status: 'True', lastProbeTime: null, ...refusal };
      draft.status = { ...draft.status, conditions: withCondition(conditions, condition, at) };
      return;
    }
    draft.status = {
      ...draft.status,
      conditions: conditions.filter(({ type }) => type !== pending),
      containerStatuses: containerStatuses.map((each) => {
        const resources = pod.spec.containers.find(({ name }) => name === each.name)?.resources;
        return {
          ...each,
          allocatedResources: resources?.requests ?? {},
          resources: resources ?? {},
        };
      }),
    };
  });
  return refusal?.reason === 'Deferred' ? againMs : undefined;
}

/** A resize that was taken back is no longer pending. */
export function endPendingResize(plane: ControlPlane, pod: Pod): void {
  if (conditionStatus(pod.status?.conditions, pending) === undefined) return;
  plane.store.change(pod, (draft) => {
    const conditions = draft.status?.conditions?.filter(({ type }) => type !== pending);
    draft.status = { ...draft.status, conditions };
  });
}

function refusalOf(
  plane: ControlPlane,
  { pod, node }: Place,
): { readonly reason: string; readonly message: string } | undefined {
  const wanted = requestsOf(pod);
  const room = capacityOf(node);
  const others = plane.store
    .podsOnNode(PodKind, node.metadata.name)
    .filter(({ metadata }) => metadata.uid !== pod.metadata.uid);
  for (const name of ['cpu', 'memory'] as const) {
    if (wanted[name] > room[name]) {
      return { reason: 'Infeasible', message: `Node didn't have enough capacity: ${name}` };
    }
    let used = 0;
    for (const other of others) used += requestsOf(other)[name];
    if (wanted[name] + used > room[name]) {
      return { reason: 'Deferred', message: `Node didn't have enough resource: ${name}` };
    }
  }
  return undefined;
}
