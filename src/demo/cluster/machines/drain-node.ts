import type { ControlPlane } from '../controllers/controller.ts';
import { isFinished } from '../controllers/workload-pods.ts';
import { Pod as PodKind } from '../model/kinds.ts';
import { conditionStatus, controllerOf, isTerminating } from '../model/objects.ts';
import type { Node, Pod, Taint } from '../model/schemas.ts';
import { ApiError } from '../registry/api-error.ts';
import { evict } from '../registry/eviction.ts';

/** A pod that a drain still waits for. */
export interface StayingPod {
  readonly pod: Pod;
  /** What the API server answered to its eviction, where it refused; absent where the pod is on its way or is kept. */
  readonly refusal?: string;
}

/** Seconds that a pod is given beyond its grace period before nobody waits for it any longer. */
const stuckAfterSeconds = 60;

/**
 * Evicts, within the budgets, what is no part of the node itself. Returns who is still there; of a node that nobody hears of,
 * only those who could not be evicted, for nothing confirms the others' end.
 * @param keeps pods that are not evicted, and waited for all the same
 */
export function drainNode(
  plane: ControlPlane,
  node: Node,
  keeps: (pod: Pod) => boolean,
): StayingPod[] {
  const isSilent = conditionStatus(node.status?.conditions, 'Ready') === 'Unknown';
  const staying: StayingPod[] = [];
  for (const pod of plane.store.podsOnNode(PodKind, node.metadata.name).filter(isMovable)) {
    const kept = !isTerminating(pod) && keeps(pod);
    const refusal = kept ? undefined : sendOff(plane, pod);
    const isGoing = !kept && refusal === undefined;
    if (isGoing && (isSilent || !isAwaited(plane, pod))) continue;
    staying.push({ pod, ...(refusal !== undefined && { refusal }) });
  }
  return staying;
}

/** Nobody waits for one that is gone, or that does not end although it was given all its time. */
function isAwaited(plane: ControlPlane, pod: Pod): boolean {
  return isThere(plane, pod) && !isStuck(plane, pod);
}

/** One that has not started yet is gone as soon as it is evicted. */
function isThere({ store }: ControlPlane, { metadata }: Pod): boolean {
  const { name, namespace, uid } = metadata;
  return store.get(PodKind, name, namespace)?.metadata.uid === uid;
}

function isMovable(pod: Pod): boolean {
  const isMirror = pod.metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined;
  return !(isMirror || controllerOf(pod)?.kind === 'DaemonSet' || isFinished(pod));
}

function isStuck({ store, timings }: ControlPlane, pod: Pod): boolean {
  if (!isTerminating(pod)) return false;
  const { metadata } = pod;
  const graceSeconds = metadata.deletionGracePeriodSeconds ?? 0;
  const askedMs = Date.parse(metadata.deletionTimestamp ?? '') - graceSeconds * 1000;
  const limitMs = (graceSeconds + stuckAfterSeconds) * timings.secondMs;
  return store.clock.now() - askedMs > limitMs;
}

/** Evicts it unless it is going already. Returns why the API server refuses, if it does. */
function sendOff(plane: ControlPlane, pod: Pod): string | undefined {
  if (isTerminating(pod)) return undefined;
  const { namespace = '', name, uid } = pod.metadata;
  try {
    evict(plane.registry, { namespace, name, options: { uid } });
    return undefined;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const causes = (error.details?.causes ?? []).map(({ message }) => message).join(',');
    return causes === '' ? error.message : `${error.message} ${causes}`;
  }
}

/** Keeps new pods away from a node that is to end. */
export function taintNode(plane: ControlPlane, node: Node, taint: Taint): void {
  const taints = node.spec?.taints ?? [];
  if (taints.some(({ key }) => key === taint.key)) return;
  plane.store.change(node, (draft) => {
    draft.spec = { ...draft.spec, taints: [...taints, taint] };
  });
}

export function cordonNode(plane: ControlPlane, node: Node): Node {
  return plane.store.change(node, (draft) => {
    draft.spec = { ...draft.spec, unschedulable: true };
  });
}

export function isNodeReady(node: Node | undefined): boolean {
  return conditionStatus(node?.status?.conditions, 'Ready') === 'True';
}
