import type { ContainerStatus } from '../model/container-schemas.ts';
import { conditionStatus } from '../model/objects.ts';
import type { Container, Pod } from '../model/schemas.ts';
import type { ContainerPlace, Kubelet, Look } from './container-place.ts';
import { creatingContainer } from './container-states.ts';
import { initialize } from './init-container.ts';
import type { Place } from './kubelet-events.ts';
import { momentOn } from './moment.ts';
import { isInitialized, type Progress } from './pod-conditions.ts';
import { isMeantReady } from './pod-pace.ts';
import { containerRecord, type PodRecord } from './pod-records.ts';
import { podStatus, runningStatus } from './pod-status.ts';
import { syncContainer } from './sync-container.ts';

/** Brings a pod that is not to be stopped one step on; returns when to look again, in milliseconds. */
export function syncPod(kubelet: Kubelet, place: Place, record: PodRecord): number | undefined {
  const { pod } = place;
  if (pod.status?.phase === 'Running' && pod.status.containerStatuses === undefined) {
    adopt(kubelet, place);
    return undefined;
  }
  const { initLooks, looks, isPulling } = lookAtAll(kubelet, place, record);
  const progress: Progress = {
    sandbox: isPulling || pod.status?.podIP !== undefined || looks.some(hasStarted),
    initContainers: initLooks.map(({ status }) => status),
    containers: looks.map(({ status }) => status),
  };
  if (isNews(pod, progress)) {
    const { store } = kubelet.plane;
    store.change(pod, (draft) => {
      draft.status = podStatus(pod, progress, momentOn(store, place.node));
    });
  }
  const soonest = Math.min(...[...initLooks, ...looks].map(({ againMs = Infinity }) => againMs));
  return Number.isFinite(soonest) ? soonest : undefined;
}

function hasStarted({ status }: Look): boolean {
  return status['containerID'] !== undefined;
}

/** A pod that somebody else said runs: its kubelet says the same, with what it knows of the containers. */
function adopt({ plane: { store } }: Kubelet, { pod, node }: Place): void {
  const ready = isMeantReady(pod);
  const isReady = conditionStatus(pod.status?.conditions, 'Ready') === 'True';
  if (ready === isReady && pod.status?.podIP !== undefined) return;
  store.change(pod, (draft) => {
    draft.status = runningStatus(pod, momentOn(store, node), ready);
  });
}

/** Init containers go one by one; of the others, each pulls its image when those before it have theirs. */
function lookAtAll(kubelet: Kubelet, place: Place, record: PodRecord) {
  const { pod } = place;
  const { initContainers = [], containers } = pod.spec;
  let isPulling = false;
  let isHeld = false;
  const initLooks: Look[] = [];
  for (const container of initContainers) {
    const each = placeOf(place, container, record);
    const look: Look = isHeld ? { status: each.status } : initialize(kubelet, each);
    isHeld ||= !isInitialized(look.status);
    isPulling ||= each.record.image?.status === 'pulling';
    initLooks.push(look);
  }
  const looks: Look[] = [];
  for (const container of containers) {
    const each = placeOf(place, container, record);
    const waits = isHeld && each.status.state?.running === undefined;
    looks.push(waits ? { status: each.status } : syncContainer(kubelet, each));
    isPulling ||= each.record.image?.status === 'pulling';
    isHeld ||= isPulling;
  }
  return { initLooks, looks, isPulling };
}

function placeOf({ pod, node }: Place, container: Container, record: PodRecord): ContainerPlace {
  const { initContainerStatuses = [], containerStatuses = [] } = pod.status ?? {};
  const { name } = container;
  const known = [...initContainerStatuses, ...containerStatuses].find((each) => each.name === name);
  const reason = pod.spec.initContainers === undefined ? 'ContainerCreating' : 'PodInitializing';
  const status = known ?? creatingContainer(container, reason);
  return { pod, node, container, status, record: containerRecord(record, name) };
}

function isNews({ status }: Pod, progress: Progress): boolean {
  const { initContainers, containers, sandbox } = progress;
  const allReady = containers.every(({ ready }) => ready === true);
  const said = (type: string, holds: boolean) =>
    conditionStatus(status?.conditions, type) === (holds ? 'True' : 'False');
  return !(
    isSame(status?.initContainerStatuses ?? [], initContainers) &&
    isSame(status?.containerStatuses ?? [], containers) &&
    said('Ready', allReady) &&
    said('PodReadyToStartContainers', sandbox)
  );
}

function isSame(before: readonly ContainerStatus[], after: readonly ContainerStatus[]): boolean {
  return before.length === after.length && after.every((each, index) => each === before[index]);
}
