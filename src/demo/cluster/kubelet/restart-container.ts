import type { ControlPlane } from '../controllers/controller.ts';
import { goDuration } from '../model/durations.ts';
import { timestamp } from '../model/objects.ts';
import { type BackOff, kubeletLimits, nextBackOff } from './back-off.ts';
import type { ContainerPlace, Look } from './container-place.ts';
import { waitingContainer } from './container-states.ts';
import { syncSeconds } from './image-manager.ts';
import { containerEvent } from './kubelet-events.ts';

/** A container that has ended is left alone for a while, or (undefined) may be started at once. */
export function backOffRestart(plane: ControlPlane, place: ContainerPlace): Look | undefined {
  const { record } = place;
  const now = plane.store.clock.now();
  const limits = kubeletLimits(plane.timings.secondMs);
  const failedAt = endedAt(place) ?? now;
  const waiting = record.restartBackOff;
  const isOld = waiting === undefined || failedAt - waiting.since > 2 * limits.longestMs;
  const leftMs = isOld ? 0 : failedAt + waiting.waitMs - now;
  if (waiting !== undefined && leftMs > 0) return backOff(plane, place, { waiting, leftMs });
  record.restartBackOff = nextBackOff(waiting, limits, { failedAt, now });
  record.restarting = true;
  record.image = undefined;
  return undefined;
}

/** To the millisecond where it is remembered; the status tells the second. */
function endedAt({ record, status }: ContainerPlace): number | undefined {
  const { finishedAt = '' } = status.state?.terminated ?? status.lastState?.terminated ?? {};
  const { endedAt: known } = record;
  if (known !== undefined && timestamp(known) === finishedAt) return known;
  return Date.parse(finishedAt) || undefined;
}

function backOff(
  plane: ControlPlane,
  place: ContainerPlace,
  { waiting, leftMs }: { readonly waiting: BackOff; readonly leftMs: number },
): Look {
  const { container, pod, record, status } = place;
  const { secondMs } = plane.timings;
  const { namespace, name, uid } = pod.metadata;
  const who = `${name}_${namespace}(${uid})`;
  const now = plane.store.clock.now();
  if (now - (record.complainedAt ?? 0) >= syncSeconds * secondMs) {
    record.complainedAt = now;
    const message = `Back-off restarting failed container ${container.name} in pod ${who}`;
    containerEvent(plane, place, { type: 'Warning', reason: 'BackOff', message });
  }
  const wait = goDuration((waiting.waitMs / secondMs) * 1000);
  const message = `back-off ${wait} restarting failed container=${container.name} pod=${who}`;
  return {
    status: waitingContainer(status, { reason: 'CrashLoopBackOff', message }),
    againMs: Math.min(leftMs, syncSeconds * secondMs),
  };
}
