import { noteControllerWrite } from '../managers/controller-writes.ts';
import { bareTemplate, shortHash } from '../model/hash.ts';
import { Pod as PodKind, StatefulSet as SetKind } from '../model/kinds.ts';
import { isTerminating } from '../model/objects.ts';
import type { Pod, StatefulSet } from '../model/schemas.ts';
import type { Controller, ControlPlane } from './controller.ts';
import { ownerController } from './owner-controller.ts';
import { createPod, deletePod, isFinished, isReady } from './workload-pods.ts';

/** Keeps each StatefulSet's pods: the same names again and again, one after the other. */
export function createStatefulSets(plane: ControlPlane): Controller {
  return ownerController(plane, SetKind, (set) => {
    adjust(plane, set);
    report(plane, set);
    return undefined;
  });
}

function revisionOf(set: Pick<StatefulSet, 'metadata' | 'spec'>): string {
  return `${set.metadata.name}-${shortHash(bareTemplate(set.spec.template))}`;
}

/** A pod's number in its set. */
function ordinalOf(pod: Pod): number {
  return Number(pod.metadata.name.slice(pod.metadata.name.lastIndexOf('-') + 1));
}

/** One step: a replacement of what has ended, the first missing pod, else the last surplus one, else an outdated one. */
function adjust(plane: ControlPlane, set: StatefulSet): void {
  const pods = plane.store.ownedBy(PodKind, set.metadata.uid);
  for (const pod of pods) if (isFinished(pod) && !isTerminating(pod)) deletePod(plane, pod);
  const settled = fillUp(plane, set);
  if (!settled || pods.some(isTerminating)) return;
  const surplus = pods.filter((pod) => ordinalOf(pod) >= (set.spec.replicas ?? 1));
  const outdated = pods.filter((pod) => isOutdated(set, pod));
  const next = [surplus, outdated]
    .find((some) => some.length > 0)
    ?.sort(byOrdinal)
    .at(-1);
  if (next !== undefined) deletePod(plane, next);
}

/** Creates what is missing; returns whether everything is there and, in an ordered set, ready. */
function fillUp(plane: ControlPlane, set: StatefulSet): boolean {
  const { name, namespace } = set.metadata;
  const parallel = set.spec.podManagementPolicy === 'Parallel';
  for (let ordinal = 0; ordinal < (set.spec.replicas ?? 1); ordinal += 1) {
    const pod = plane.store.get(PodKind, `${name}-${ordinal}`, namespace);
    if (pod === undefined) create(plane, set, ordinal);
    // The name is not free before the old pod has gone, nor the next one's turn before this one is ready.
    if (!parallel && (pod === undefined || !isReady(pod))) return false;
  }
  return true;
}

function byOrdinal(a: Pod, b: Pod): number {
  return ordinalOf(a) - ordinalOf(b);
}

function isOutdated(set: StatefulSet, pod: Pod): boolean {
  const revision = pod.metadata.labels?.['controller-revision-hash'];
  return revision !== undefined && revision !== revisionOf(set);
}

function create(plane: ControlPlane, set: StatefulSet, ordinal: number): void {
  const name = `${set.metadata.name}-${ordinal}`;
  const labels = {
    'apps.kubernetes.io/pod-index': String(ordinal),
    'controller-revision-hash': revisionOf(set),
    'statefulset.kubernetes.io/pod-name': name,
  };
  createPod(plane, set, { name, labels, spec: { hostname: name } });
}

function report(plane: ControlPlane, set: StatefulSet): void {
  const pods = plane.store.ownedBy(PodKind, set.metadata.uid);
  const ready = pods.filter(isReady).length;
  const current = pods.filter((pod) => !isOutdated(set, pod)).length;
  const revision = revisionOf(set);
  plane.store.change(set, (draft) => {
    draft.status = {
      observedGeneration: set.metadata.generation ?? 1,
      replicas: pods.length,
      readyReplicas: ready,
      availableReplicas: ready,
      currentReplicas: current,
      updatedReplicas: current,
      currentRevision: revision,
      updateRevision: revision,
      collisionCount: 0,
    };
    noteControllerWrite(set, draft, plane.store.timestamp());
  });
}
