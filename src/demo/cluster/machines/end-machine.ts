import type { ControlPlane } from '../controllers/controller.ts';
import { dropFinalizer } from '../controllers/garbage-collector.ts';
import { Machine as MachineKind, Node as NodeKind } from '../model/kinds.ts';
import type { Machine } from '../model/machine-schemas.ts';
import type { Node, Pod } from '../model/schemas.ts';
import { cordonNode, drainNode, type StayingPod } from './drain-node.ts';
import { infrastructure } from './infrastructure.ts';
import { switchOff } from './machine-nodes.ts';
import { infrastructureKind, reportMachine, type Why } from './machine-status.ts';
import { nodeNameOf } from './planned-node.ts';
import type { Stopwatch } from './stopwatch.ts';

const preDrain = 'pre-drain.delete.hook.machine.cluster.x-k8s.io';
const preTerminate = 'pre-terminate.delete.hook.machine.cluster.x-k8s.io';
const excludeDraining = 'machine.cluster.x-k8s.io/exclude-node-draining';

/**
 * One step of a Machine's deletion, in the order of Cluster API: hooks, drain, hooks, instance, Node. Returns when to look
 * again, in milliseconds.
 */
export function endMachine(
  plane: ControlPlane,
  machine: Machine,
  stopwatch: Stopwatch,
): number | undefined {
  const { store, timings } = plane;
  const node = store.get(NodeKind, nodeNameOf(machine));
  const say = (reason: string, message: string) => report(plane, machine, { reason, message });
  const before = hooksOf(machine, preDrain);
  if (before.length > 0) {
    say('WaitingForPreDrainHook', waitingForHooks('pre-drain', before));
    return undefined;
  }
  const staying = node === undefined ? [] : drain(plane, machine, { node, stopwatch });
  if (staying.length > 0) {
    say('DrainingNode', drainText(staying, machine.metadata.deletionTimestamp ?? ''));
    return timings.podStopMs + timings.controllerMs;
  }
  const after = hooksOf(machine, preTerminate);
  if (after.length > 0) {
    say('WaitingForPreTerminateHook', waitingForHooks('pre-terminate', after));
    return undefined;
  }
  say('WaitingForInfrastructureDeletion', `Waiting for ${infrastructureKind} to be deleted`);
  if (infrastructure(store).departure === 'hangs') return undefined;
  const leftMs = timings.machineStopMs - stopwatch.elapsedMs(`${machine.metadata.uid}/instance`);
  if (leftMs > 0) return leftMs;
  switchOff(plane, nodeNameOf(machine));
  const last = say('DeletionCompleted', 'Deletion completed');
  dropFinalizer(store, last, 'machine.cluster.x-k8s.io');
  return undefined;
}

function report(plane: ControlPlane, machine: Machine, deleting: Why): Machine {
  const { name, namespace } = machine.metadata;
  const current = plane.store.get(MachineKind, name, namespace) ?? machine;
  const node = plane.store.get(NodeKind, nodeNameOf(machine));
  return reportMachine(plane, current, { node, deleting });
}

function hooksOf({ metadata }: Machine, prefix: string): string[] {
  return Object.keys(metadata.annotations ?? {}).filter((key) => key.startsWith(prefix));
}

function waitingForHooks(which: string, hooks: readonly string[]): string {
  return `Waiting for ${which} hooks to succeed (hooks: ${hooks.join(',')})`;
}

function drain(
  plane: ControlPlane,
  machine: Machine,
  { node, stopwatch }: { readonly node: Node; readonly stopwatch: Stopwatch },
): StayingPod[] {
  if (machine.metadata.annotations?.[excludeDraining] !== undefined) return [];
  const limit = machine.spec.deletion?.nodeDrainTimeoutSeconds ?? 0;
  const elapsedMs = stopwatch.elapsedMs(`${machine.metadata.uid}/drain`);
  if (limit > 0 && elapsedMs > limit * plane.timings.secondMs) return [];
  const staying = drainNode(plane, cordonNode(plane, node), isSkipped);
  return staying.filter(({ pod }) => !isSkipped(pod));
}

function isSkipped({ metadata }: Pod): boolean {
  return metadata.labels?.['cluster.x-k8s.io/drain'] === 'skip';
}

/** Pods with the same reason together. */
function drainText(staying: readonly StayingPod[], since: string): string {
  const byReason = new Map<string, string[]>();
  for (const { pod, refusal } of staying) {
    const reason = reasonOf(refusal);
    const name = `${pod.metadata.namespace}/${pod.metadata.name}`;
    byReason.set(reason, [...(byReason.get(reason) ?? []), name]);
  }
  const lines = [...byReason].map(([reason, pods]) => {
    const more = pods.length > 3 ? `, ... (${pods.length - 3} more)` : '';
    const named = `${pods.slice(0, 3).join(', ')}${more}`;
    return `* ${pods.length === 1 ? 'Pod' : 'Pods'} ${named}: ${reason}`;
  });
  return [`Drain not completed yet (started at ${since}):`, ...lines].join('\n');
}

function reasonOf(refusal: string | undefined): string {
  if (refusal === undefined) return 'deletionTimestamp set, but still not removed from the Node';
  const budget = "annot evict pod as it would violate the pod's disruption budget.";
  return refusal.startsWith(`C${budget}`)
    ? `c${refusal.slice(1)}`
    : `failed to evict Pod, ${refusal}`;
}
