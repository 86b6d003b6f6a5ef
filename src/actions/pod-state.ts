import type { Condition } from '../kubernetes/resources/metadata.ts';
import type { Pod } from '../kubernetes/resources/pod.ts';

/** `namespace/name`, as people and we name a pod. */
export function podName({ metadata }: Pick<Pod, 'metadata'>): string {
  return `${metadata.namespace ?? 'default'}/${metadata.name}`;
}

export function isReady(pod: Pod): boolean {
  return conditionOf(pod.status.conditions, 'Ready')?.status === 'True';
}

/** Ready and not on its way out: what a service can count on. */
export function isServing(pod: Pod): boolean {
  return isReady(pod) && !isTerminating(pod) && !hasFinished(pod);
}

export function hasFinished(pod: Pod): boolean {
  return pod.status.phase === 'Succeeded' || pod.status.phase === 'Failed';
}

export function isTerminating(pod: Pod): boolean {
  return pod.metadata.deletionTimestamp !== undefined;
}

/** The scheduler's words where it finds no node for the pod. */
export function whyUnschedulable(pod: Pod): string | undefined {
  const scheduled = conditionOf(pod.status.conditions, 'PodScheduled');
  if (scheduled?.status !== 'False' || scheduled.reason !== 'Unschedulable') return undefined;
  return scheduled.message || 'no node fits';
}

/** A static pod of the node's own kubelet, shown in the API: evicting it changes nothing. */
export function isMirror(pod: Pod): boolean {
  return pod.metadata.annotations['kubernetes.io/config.mirror'] !== undefined;
}

export function conditionOf(conditions: readonly Condition[], type: string): Condition | undefined {
  return conditions.find((condition) => condition.type === type);
}
