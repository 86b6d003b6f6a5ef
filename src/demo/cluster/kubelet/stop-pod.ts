import type { ContainerStatus } from '../model/container-schemas.ts';
import { isTerminating } from '../model/objects.ts';
import type { Pod } from '../model/schemas.ts';
import type { Kubelet } from './container-place.ts';
import { killedExitCode } from './container-states.ts';
import { containerEvent, type Place } from './kubelet-events.ts';
import { momentOn } from './moment.ts';
import { scaledMs } from './pod-pace.ts';
import type { PodRecord } from './pod-records.ts';
import { endedStatus } from './pod-status.ts';

/** A pod with this annotation is not stopped: something holds it, such as a volume that cannot be unmounted. */
export const heldAnnotation = 'simulation/held';

/** Waits for the containers to stop, at most the grace period, then confirms the deletion. */
export function stopPod(kubelet: Kubelet, place: Place, record: PodRecord): number | undefined {
  const { pod } = place;
  const { store } = kubelet.plane;
  const { annotations, deletionGracePeriodSeconds = 0, finalizers = [] } = pod.metadata;
  const hasStopped = deletionGracePeriodSeconds === 0 && finalizers.length > 0;
  if (!isTerminating(pod) || hasStopped || annotations?.[heldAnnotation] === 'true')
    return undefined;
  const { leftMs, exitCode } = stopping(kubelet, place, record);
  if (leftMs > 0) return leftMs;
  const stopped = store.change(pod, (draft) => {
    draft.metadata.deletionTimestamp = store.timestamp();
    draft.metadata.deletionGracePeriodSeconds = 0;
    // Of a pod that goes at once, nobody could read it.
    if (finalizers.length > 0) draft.status = stoppedStatus(kubelet, place, exitCode);
  });
  if (finalizers.length === 0) store.remove(stopped);
  return undefined;
}

/** Who ignores SIGTERM is killed when the grace period is over. */
function stopping(kubelet: Kubelet, place: Place, record: PodRecord) {
  const { pod } = place;
  const { store, timings } = kubelet.plane;
  const now = store.clock.now();
  if (record.stoppingSince === undefined) {
    record.stoppingSince = now;
    announce(kubelet, place);
  }
  const graceMs = (pod.metadata.deletionGracePeriodSeconds ?? 0) * timings.secondMs;
  const ignoresSigterm = pod.metadata.annotations?.['simulation/ignores-sigterm'] === 'true';
  const wishedMs = ignoresSigterm
    ? Number.POSITIVE_INFINITY
    : scaledMs(pod, 'stop-factor', timings.podStopMs);
  const leftMs = record.stoppingSince + Math.min(wishedMs, graceMs) - now;
  return { leftMs, exitCode: wishedMs > graceMs ? killedExitCode : 0 };
}

function running({ status }: Pod): ContainerStatus[] {
  return (status?.containerStatuses ?? []).filter(({ state }) => state?.running !== undefined);
}

function announce({ plane }: Kubelet, place: Place): void {
  for (const { name } of running(place.pod)) {
    const container = place.pod.spec.containers.find((each) => each.name === name);
    if (container === undefined) continue;
    const message = `Stopping container ${name}`;
    containerEvent(plane, { ...place, container }, { reason: 'Killing', message });
  }
}

function stoppedStatus({ plane: { store } }: Kubelet, { pod, node }: Place, exitCode: number) {
  const end =
    exitCode === 0
      ? ({ exitCode, reason: 'Completed', over: 'Succeeded' } as const)
      : ({ exitCode, reason: 'Error', over: 'Failed' } as const);
  return endedStatus(pod, end, momentOn(store, node));
}
