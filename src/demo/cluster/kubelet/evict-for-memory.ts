import type { ControlPlane } from '../controllers/controller.ts';
import { Pod as PodKind } from '../model/kinds.ts';
import { withCondition } from '../model/objects.ts';
import type { Container, Node, Pod } from '../model/schemas.ts';
import { killedExitCode } from './container-states.ts';
import { kubeletEvent, type Place } from './kubelet-events.ts';
import { memoryRequest, memoryUse } from './memory-use.ts';
import { momentOn } from './moment.ts';
import { endedStatus } from './pod-status.ts';

interface Shortage {
  readonly availableBytes: number;
  readonly thresholdBytes: number;
}

/** Pods of this priority are never evicted for the node's sake: system-cluster-critical and above. */
const criticalPriority = 2_000_000_000;

/**
 * Evicts one pod, past its grace period and its budget: of those that use more than they request the least important, and
 * among equals the one furthest above its request; of the others only where there is no such pod.
 * @see https://kubernetes.io/docs/concepts/scheduling-eviction/node-pressure-eviction/
 */
export function evictForMemory(plane: ControlPlane, node: Node, shortage: Shortage): void {
  const { store } = plane;
  const candidates = store.podsOnNode(PodKind, node.metadata.name).filter(isEvictable);
  const [victim] = candidates.sort(
    (a, b) =>
      Number(excess(a) <= 0) - Number(excess(b) <= 0) ||
      priority(a) - priority(b) ||
      excess(b) - excess(a),
  );
  if (victim === undefined) return;
  const message = messageOf(victim, shortage);
  const evicted = store.change(victim, (draft) => {
    draft.status = evictedStatus(plane, { pod: victim, node }, message);
  });
  kubeletEvent(plane, { about: evicted, node }, { type: 'Warning', reason: 'Evicted', message });
}

function isEvictable(pod: Pod): boolean {
  const isMirror = pod.metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined;
  return pod.status?.phase === 'Running' && !isMirror && priority(pod) < criticalPriority;
}

function priority(pod: Pod): number {
  return Number(pod.spec['priority'] ?? 0);
}

function excessOf(pod: Pod, container: Container): number {
  return memoryUse(pod, container) - memoryRequest(container);
}

function excess(pod: Pod): number {
  let sum = 0;
  for (const container of pod.spec.containers) sum += excessOf(pod, container);
  return sum;
}

function kibibytes(bytes: number): string {
  return `${Math.max(0, Math.floor(bytes / 1024))}Ki`;
}

/** In the kubelet's words, down to the blank at the end. */
function messageOf(pod: Pod, { availableBytes, thresholdBytes }: Shortage): string {
  const threshold = `${thresholdBytes / 2 ** 20}Mi`;
  const sentences = pod.spec.containers
    .filter((container) => excessOf(pod, container) > 0)
    .map((container) => {
      const request = container.resources?.requests?.['memory'] ?? 0;
      const use = kibibytes(memoryUse(pod, container));
      return `Container ${container.name} was using ${use}, request is ${request}, has larger consumption of memory. `;
    });
  const why = `Threshold quantity: ${threshold}, available: ${kibibytes(availableBytes)}. `;
  return `The node was low on resource: memory. ${why}${sentences.join('')}`;
}

function evictedStatus(
  { store }: ControlPlane,
  { pod, node }: Place,
  message: string,
): NonNullable<Pod['status']> {
  const moment = momentOn(store, node);
  const killed = { exitCode: killedExitCode, reason: 'Error', over: 'Failed' } as const;
  const status = endedStatus(pod, killed, moment);
  const target = {
    type: 'DisruptionTarget',
    status: 'True',
    lastProbeTime: null,
    reason: 'TerminationByKubelet',
    message,
  };
  const conditions = withCondition(status.conditions, target, moment.at);
  return { ...status, conditions, reason: 'Evicted', message };
}
