import type { ContainerPlace, Kubelet, Look } from './container-place.ts';
import { endedContainer, waitingContainer } from './container-states.ts';
import { isInitialized } from './pod-conditions.ts';
import { startNow } from './sync-container.ts';

/** Runs an init container as soon as its image is there: it takes no time, and never fails. A sidecar goes on running. */
export function initialize(kubelet: Kubelet, place: ContainerPlace): Look {
  const { status, container } = place;
  if (isInitialized(status)) return { status };
  const answer = kubelet.images.ensure(place);
  if (answer.status === 'failed') {
    const { reason, message, againMs } = answer;
    return { status: waitingContainer(status, { reason, message }), againMs };
  }
  if (answer.status === 'pulling') return { status, againMs: answer.againMs };
  const started = startNow(kubelet, place, answer.imageId);
  if (container['restartPolicy'] === 'Always') return { status: { ...started, ready: true } };
  const at = kubelet.plane.store.timestamp();
  const ended = endedContainer(started, { exitCode: 0, reason: 'Completed', at });
  return { status: { ...ended, ready: true } };
}
