import { ReplicaSet as SetKind } from '../model/kinds.ts';
import type { Condition } from '../model/objects.ts';
import type { ReplicaSet } from '../model/schemas.ts';
import { ApiError } from '../registry/api-error.ts';
import type { Controller, ControlPlane } from './controller.ts';
import { ownerController } from './owner-controller.ts';
import { activePods, bySurplus, createPod, deletePod, isReady } from './workload-pods.ts';

/** Keeps as many pods of each ReplicaSet as it wants. */
export function createReplicaSets(plane: ControlPlane): Controller {
  return ownerController(plane, SetKind, (set) => {
    try {
      adjust(plane, set);
    } catch (error) {
      report(plane, set, error instanceof ApiError ? error.message : undefined);
      throw error;
    }
    report(plane, set);
    return undefined;
  });
}

function adjust(plane: ControlPlane, set: ReplicaSet): void {
  const pods = activePods(plane.store, set);
  const wanted = set.spec.replicas ?? 1;
  for (let count = pods.length; count < wanted; count += 1) createPod(plane, set);
  const surplus = Math.max(0, pods.length - wanted);
  for (const pod of pods.sort(bySurplus).slice(0, surplus)) deletePod(plane, pod);
}

/** `refusal` is why a pod could not be created. */
function report(plane: ControlPlane, set: ReplicaSet, refusal?: string): void {
  const pods = activePods(plane.store, set);
  const ready = pods.filter(isReady).length;
  const before = set.status?.conditions?.find(({ type }) => type === 'ReplicaFailure');
  plane.store.change(set, (draft) => {
    draft.status = {
      ...(refusal === undefined
        ? {}
        : { conditions: [before ?? failure(refusal, plane.store.timestamp())] }),
      replicas: pods.length,
      ...(pods.length === 0 ? {} : { fullyLabeledReplicas: pods.length }),
      ...(ready === 0 ? {} : { readyReplicas: ready, availableReplicas: ready }),
      observedGeneration: set.metadata.generation ?? 1,
    };
  });
}

function failure(message: string, lastTransitionTime: string): Condition {
  return {
    type: 'ReplicaFailure',
    status: 'True',
    lastTransitionTime,
    reason: 'FailedCreate',
    message,
  };
}
