import type { ContainerPlace, Kubelet, Look } from './container-place.ts';
import {
  type ContainerEnd,
  endedContainer,
  killedExitCode,
  startedContainer,
  waitingContainer,
} from './container-states.ts';
import { containerEvent } from './kubelet-events.ts';
import { exceedsItsLimit } from './memory-use.ts';
import { exitCodeOf, isMeantReady, scaledMs } from './pod-pace.ts';
import { isRestarted, runsToItsEnd } from './pod-status.ts';
import { backOffRestart } from './restart-container.ts';

/** Brings a container one step on. */
export function syncContainer(kubelet: Kubelet, place: ContainerPlace): Look {
  const { pod, status, record } = place;
  if (status.state?.running !== undefined) return watch(kubelet, place);
  const hasEnded = status.state?.terminated !== undefined;
  if (hasEnded && !isRestarted(pod, status)) return { status };
  const isDown = hasEnded || status.state?.waiting?.reason === 'CrashLoopBackOff';
  const backingOff =
    isDown && !record.restarting ? backOffRestart(kubelet.plane, place) : undefined;
  return backingOff ?? start(kubelet, place);
}

/** Half of a pod's start goes by between image and start of a container, half until it is ready. */
function halfStartMs({ plane }: Kubelet, { pod }: ContainerPlace): number {
  return scaledMs(pod, 'start-factor', plane.timings.podStartMs) / 2;
}

/** Starts a container as soon as its image is there. */
function start(kubelet: Kubelet, place: ContainerPlace): Look {
  const { status } = place;
  const answer = kubelet.images.ensure(place);
  if (answer.status === 'failed') {
    const { againMs, ...waiting } = answer;
    const { reason, message } = waiting;
    return { status: waitingContainer(status, { reason, message }), againMs };
  }
  if (answer.status === 'pulling') return { status, againMs: answer.againMs };
  const leftMs = answer.at + halfStartMs(kubelet, place) - kubelet.plane.store.clock.now();
  if (leftMs > 0) return { status, againMs: leftMs };
  return watch(kubelet, { ...place, status: startNow(kubelet, place, answer.imageId) });
}

/** The status of the container that is started herewith. */
export function startNow({ plane }: Kubelet, place: ContainerPlace, imageId: string) {
  const { container, record, status } = place;
  const { name } = container;
  containerEvent(plane, place, { reason: 'Created', message: `Created container: ${name}` });
  containerEvent(plane, place, { reason: 'Started', message: `Started container ${name}` });
  record.image = undefined;
  record.restarting = false;
  record.complainedAt = undefined;
  record.startedAt = plane.store.clock.now();
  return startedContainer(status, container, { at: plane.store.timestamp(), imageId });
}

/** A container that runs becomes ready, runs out of memory, or comes to its end. */
function watch(kubelet: Kubelet, place: ContainerPlace): Look {
  const { pod, container, record, status } = place;
  const { store, timings } = kubelet.plane;
  const startedAt = record.startedAt ?? Date.parse(status.state?.running?.startedAt ?? '');
  const ranMs = store.clock.now() - (startedAt || 0);
  const killInMs = exceedsItsLimit(pod, container, status) ? timings.memoryGrowthMs - ranMs : never;
  if (killInMs <= 0) return end(kubelet, place, outOfMemory);
  const endInMs = runsToItsEnd(pod) ? scaledMs(pod, 'run-factor', timings.jobRunMs) - ranMs : never;
  if (endInMs <= 0) return end(kubelet, place, endOfItsOwn(exitCodeOf(pod)));
  const readyInMs = isMeantReady(pod) ? halfStartMs(kubelet, place) - ranMs : never;
  const ready = readyInMs <= 0;
  const againMs = Math.min(killInMs, endInMs, ready ? never : readyInMs);
  return {
    status: status.ready === ready ? status : { ...status, ready },
    againMs: againMs === never ? undefined : againMs,
  };
}

const never = Number.POSITIVE_INFINITY;

type End = Pick<ContainerEnd, 'exitCode' | 'reason'>;

const outOfMemory: End = { exitCode: killedExitCode, reason: 'OOMKilled' };

function endOfItsOwn(exitCode: number): End {
  return { exitCode, reason: exitCode === 0 ? 'Completed' : 'Error' };
}

/** The container ends; what follows, the next look decides. */
function end({ plane }: Kubelet, { record, status }: ContainerPlace, how: End): Look {
  record.endedAt = plane.store.clock.now();
  return { status: endedContainer(status, { ...how, at: plane.store.timestamp() }), againMs: 0 };
}
