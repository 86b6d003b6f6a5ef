import { asKind, type Controller, type ControlPlane, splitKey } from '../controllers/controller.ts';
import { Node as NodeKind, Pod as PodKind, KubeletState as StateKind } from '../model/kinds.ts';
import { conditionStatus, controllerOf, isTerminating } from '../model/objects.ts';
import type { Node, Pod } from '../model/schemas.ts';
import { keyOf, type Store } from '../storage/store.ts';
import { kubeletState } from './kubelet-states.ts';
import { creatingStatus, finishedStatus, runningStatus } from './pod-status.ts';
import { endPendingResize, isResizing, resize } from './resize-pods.ts';

/** When a pod entered what it is in now, by its key. */
interface Stage {
  readonly uid: string;
  readonly stage: 'starting' | 'running' | 'stopping';
  readonly since: number;
}

/** The kubelets of all nodes: they start pods, finish Jobs' pods, and stop what is deleted. */
export function createKubelets(plane: ControlPlane): Controller {
  const stages = new Map<string, Stage>();
  const goneMirrors = new Map<string, Pod>();
  const { store } = plane;
  return {
    delayMs: 0,
    kinds: [PodKind],
    keysOf: (change) => {
      const state = asKind(StateKind, change);
      if (state !== undefined) return store.podsOnNode(PodKind, state.metadata.name).map(keyOf);
      const pod = asKind(PodKind, change);
      if (pod?.spec.nodeName === undefined) return [];
      if (change.type === 'DELETED' && isMirror(pod)) goneMirrors.set(keyOf(pod), pod);
      return [keyOf(pod)];
    },
    reconcile: (key) => {
      const { namespace, name } = splitKey(key);
      const pod = store.get(PodKind, name, namespace);
      if (pod === undefined) {
        stages.delete(key);
        mirrorAgain(plane, goneMirrors.get(key));
        goneMirrors.delete(key);
        return undefined;
      }
      const node = aliveNode(store, pod);
      return node === undefined ? undefined : look(plane, stages, { pod, node });
    },
  };
}

/** The node of a pod, if its kubelet answers. */
function aliveNode(store: Store, pod: Pod): Node | undefined {
  const node = store.get(NodeKind, pod.spec.nodeName ?? '');
  return node === undefined || kubeletState(store, node.metadata.name).dead ? undefined : node;
}

function isMirror(pod: Pod): boolean {
  return pod.metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined;
}

/** A static pod runs on whatever happens to its mirror: the kubelet puts the mirror back. */
function mirrorAgain(plane: ControlPlane, gone: Pod | undefined): void {
  if (gone === undefined || aliveNode(plane.store, gone) === undefined) return;
  const { name, namespace, labels, annotations, ownerReferences } = gone.metadata;
  const metadata = { name, labels, annotations, ownerReferences };
  const manifest = { apiVersion: 'v1', kind: 'Pod', metadata, spec: gone.spec };
  plane.registry.create(PodKind, JSON.parse(JSON.stringify(manifest)), { namespace });
}

/** One look at one pod; returns when to look again. */
function look(
  plane: ControlPlane,
  stages: Map<string, Stage>,
  place: { readonly pod: Pod; readonly node: Node },
): number | undefined {
  const { pod } = place;
  const elapsed = (stage: Stage['stage']) =>
    enter(stages, pod, { stage, now: plane.store.clock.now() });
  const phase = pod.status?.phase ?? 'Pending';
  if (isTerminating(pod)) return stop(plane, pod, elapsed('stopping'));
  if (phase === 'Pending') return start(plane, place, elapsed('starting'));
  if (phase !== 'Running') return undefined;
  if (isResizing(pod)) return resize(plane, place);
  endPendingResize(plane, pod);
  if (runsToItsEnd(pod)) {
    const left = scaled(pod, 'simulation/run-factor', plane.timings.jobRunMs) - elapsed('running');
    if (left > 0) return Math.min(left, probe(plane, place, stages) ?? left);
    const exitCode = numberOf(pod, 'simulation/exit-code', 0);
    setStatus(plane, pod, finishedStatus(pod, exitCode, plane.store.timestamp()));
    return undefined;
  }
  return probe(plane, place, stages);
}

/** Milliseconds since the pod entered the stage. */
function enter(
  stages: Map<string, Stage>,
  pod: Pod,
  { stage, now }: { readonly stage: Stage['stage']; readonly now: number },
): number {
  const key = keyOf(pod);
  const { uid } = pod.metadata;
  const known = stages.get(key);
  if (known?.uid === uid && known.stage === stage) return now - known.since;
  stages.set(key, { uid, stage, since: now });
  return 0;
}

function numberOf(pod: Pod, annotation: string, otherwise: number): number {
  const value = Number(pod.metadata.annotations?.[annotation]);
  return Number.isNaN(value) ? otherwise : value;
}

/** How long something takes for this pod: a multiple of what is usual, named by an annotation. */
function scaled(pod: Pod, annotation: string, usualMs: number): number {
  return usualMs * numberOf(pod, annotation, 1);
}

function runsToItsEnd(pod: Pod): boolean {
  return controllerOf(pod)?.kind === 'Job' || pod.spec.restartPolicy === 'Never';
}

function setStatus(plane: ControlPlane, pod: Pod, status: NonNullable<Pod['status']>): void {
  plane.store.change(pod, (draft) => {
    draft.status = status;
  });
}

/** Half of the start is spent creating containers, half waiting until they are ready. */
function start(
  plane: ControlPlane,
  place: { readonly pod: Pod; readonly node: Node },
  elapsed: number,
): number | undefined {
  const { pod } = place;
  const total = scaled(pod, 'simulation/start-factor', plane.timings.podStartMs);
  if (pod.status?.containerStatuses === undefined) {
    setStatus(plane, pod, creatingStatus(pod, moment(plane, place.node)));
  }
  if (elapsed < total / 2) return total / 2 - elapsed;
  const running = runningStatus(pod, moment(plane, place.node), false);
  setStatus(plane, pod, running);
  plane.events.record(pod, {
    type: 'Normal',
    reason: 'Started',
    message: `Started container ${pod.spec.containers[0]?.name}`,
    component: 'kubelet',
  });
  return total / 2;
}

/** The readiness probe: becomes true when the start is over, unless an annotation keeps it false. */
function probe(
  plane: ControlPlane,
  place: { readonly pod: Pod; readonly node: Node },
  stages: Map<string, Stage>,
): number | undefined {
  const { pod, node } = place;
  const isReady = conditionStatus(pod.status?.conditions, 'Ready') === 'True';
  const wanted = pod.metadata.annotations?.['simulation/ready'] !== 'false';
  if (isReady === wanted && pod.status?.podIP !== undefined) return undefined;
  const stage = stages.get(keyOf(pod));
  const total = scaled(pod, 'simulation/start-factor', plane.timings.podStartMs);
  const starting = stage?.uid === pod.metadata.uid && stage.stage === 'starting';
  const left = starting ? stage.since + total - plane.store.clock.now() : 0;
  if (left > 0) return left;
  setStatus(plane, pod, runningStatus(pod, moment(plane, node), wanted));
  return undefined;
}

/** Waits for the containers to stop, at most the grace period, then confirms the deletion. */
function stop(plane: ControlPlane, pod: Pod, elapsed: number): number | undefined {
  const { timings, store } = plane;
  const graceMs = (pod.metadata.deletionGracePeriodSeconds ?? 0) * timings.secondMs;
  const stopMs = Math.min(scaled(pod, 'simulation/stop-factor', timings.podStopMs), graceMs);
  if (elapsed < stopMs) return stopMs - elapsed;
  const stopped = store.change(pod, (draft) => {
    draft.metadata.deletionTimestamp = store.timestamp();
    draft.metadata.deletionGracePeriodSeconds = 0;
  });
  if ((stopped.metadata.finalizers ?? []).length === 0) store.remove(stopped);
  return undefined;
}

function moment(plane: ControlPlane, node: Node): { hostIP: string; at: string } {
  return { hostIP: hostIp(node), at: plane.store.timestamp() };
}

function hostIp(node: Node): string {
  const addresses = node.status?.['addresses'];
  if (!Array.isArray(addresses)) return '127.0.0.1';
  return addresses.find((each) => each.type === 'InternalIP')?.address ?? '127.0.0.1';
}
