import { asKind, type Controller, type ControlPlane, splitKey } from '../controllers/controller.ts';
import { Node as NodeKind, Pod as PodKind, KubeletState as StateKind } from '../model/kinds.ts';
import { isTerminating } from '../model/objects.ts';
import type { Node, Pod } from '../model/schemas.ts';
import { keyOf, type Store } from '../storage/store.ts';
import type { Kubelet } from './container-place.ts';
import { rememberImages } from './image-cache.ts';
import { ImageManager } from './image-manager.ts';
import type { Place } from './kubelet-events.ts';
import { kubeletState } from './kubelet-states.ts';
import { type PodRecord, PodRecords } from './pod-records.ts';
import { endPendingResize, isResizing, resize } from './resize-pods.ts';
import { stopPod } from './stop-pod.ts';
import { syncPod } from './sync-pod.ts';

/** The kubelets of all nodes: they start pods, restart what crashes, finish Jobs' pods, and stop what is deleted. */
export function createKubelets(plane: ControlPlane): Controller {
  const kubelet = { plane, images: new ImageManager(plane) };
  const records = new PodRecords();
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
        records.forget(key);
        mirrorAgain(plane, goneMirrors.get(key));
        goneMirrors.delete(key);
        return undefined;
      }
      const node = aliveNode(store, pod);
      return node === undefined ? undefined : look(kubelet, { pod, node }, records.of(pod));
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
function look(kubelet: Kubelet, place: Place, record: PodRecord): number | undefined {
  const { plane } = kubelet;
  const { pod } = place;
  const phase = pod.status?.phase ?? 'Pending';
  if (isTerminating(pod)) return stopPod(kubelet, place, record);
  if (phase !== 'Pending' && phase !== 'Running') return undefined;
  if (phase === 'Running') {
    if (!record.known) rememberImages(plane.store, place);
    record.known = true;
    if (isResizing(pod)) return resize(plane, place);
    endPendingResize(plane, pod);
  }
  return syncPod(kubelet, place, record);
}
