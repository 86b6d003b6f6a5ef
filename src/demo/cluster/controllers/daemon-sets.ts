import { noteControllerWrite } from '../managers/controller-writes.ts';
import { Node as NodeKind, Pod as PodKind, DaemonSet as SetKind } from '../model/kinds.ts';
import { isTerminating } from '../model/objects.ts';
import type { DaemonSet, Node, Pod, PodSpec, Toleration } from '../model/schemas.ts';
import { wantsNode } from '../scheduling/node-affinity.ts';
import { forbiddingTaint } from '../scheduling/tolerations.ts';
import type { Change } from '../storage/history.ts';
import { keyOf, type Store } from '../storage/store.ts';
import { type Controller, type ControlPlane, splitKey } from './controller.ts';
import { ownKeys } from './owner-keys.ts';
import { createPod, deletePod, isFinished, isReady } from './workload-pods.ts';

/** What every DaemonSet's pod puts up with: it is there as long as its node is. */
const tolerated: readonly Toleration[] = [
  { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute' },
  { key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute' },
  { key: 'node.kubernetes.io/disk-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/memory-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/pid-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/unschedulable', operator: 'Exists', effect: 'NoSchedule' },
];

/** Keeps one pod of each DaemonSet on each node that fits, cordoned or not. */
export function createDaemonSets(plane: ControlPlane): Controller {
  const { store, timings } = plane;
  return {
    delayMs: timings.controllerMs,
    kinds: [SetKind],
    keysOf: (change) => setsOf(store, change),
    reconcile: (key) => {
      const { namespace, name } = splitKey(key);
      const set = store.get(SetKind, name, namespace);
      if (set === undefined || isTerminating(set)) return undefined;
      place(plane, set);
      return undefined;
    },
  };
}

function setsOf(store: Store, change: Change): string[] {
  if (change.object.kind === NodeKind.kind) return store.list(SetKind).map(keyOf);
  return ownKeys(SetKind, change);
}

export function daemonTolerations(spec: PodSpec): Toleration[] {
  return [...(spec.tolerations ?? []), ...tolerated];
}

/** The affinity by which a DaemonSet's pod is meant for one node. */
function affinityTo(node: string): PodSpec['affinity'] {
  const field = { key: 'metadata.name', operator: 'In', values: [node] };
  const terms = { nodeSelectorTerms: [{ matchFields: [field] }] };
  return { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: terms } };
}

/** The node that a pod is on, or is meant for. */
function nodeOf(pod: Pod): string {
  const required = pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  const meant = required?.nodeSelectorTerms[0]?.matchFields?.[0]?.values?.[0];
  return pod.spec.nodeName ?? meant ?? '';
}

function place(plane: ControlPlane, set: DaemonSet): void {
  const { store } = plane;
  const { spec } = set.spec.template;
  const tolerations = daemonTolerations(spec);
  const nodes = store
    .list(NodeKind)
    .filter((node) => wantsNode(spec, node) && mayBeOn(node, tolerations));
  const wanted = new Set(nodes.map((node) => node.metadata.name));
  const pods = store.ownedBy(PodKind, set.metadata.uid);
  const covered = new Set<string>();
  for (const pod of pods) {
    const node = nodeOf(pod);
    covered.add(node);
    if (!isTerminating(pod) && (!wanted.has(node) || isFinished(pod))) deletePod(plane, pod);
  }
  for (const name of wanted) {
    if (covered.has(name)) continue;
    createPod(plane, set, { spec: { tolerations, affinity: affinityTo(name) } });
  }
  report(plane, set, { pods, wanted });
}

function mayBeOn(node: Node, tolerations: readonly Toleration[]): boolean {
  return forbiddingTaint(node, tolerations) === undefined;
}

function report(
  plane: ControlPlane,
  set: DaemonSet,
  seen: { readonly pods: readonly Pod[]; readonly wanted: ReadonlySet<string> },
): void {
  const on = seen.pods.filter((pod) => !isTerminating(pod) && seen.wanted.has(nodeOf(pod)));
  const ready = on.filter(isReady).length;
  plane.store.change(set, (draft) => {
    draft.status = {
      currentNumberScheduled: on.length,
      numberMisscheduled: 0,
      desiredNumberScheduled: seen.wanted.size,
      numberReady: ready,
      observedGeneration: set.metadata.generation ?? 1,
      updatedNumberScheduled: on.length,
      ...(ready === 0 ? {} : { numberAvailable: ready }),
      ...(seen.wanted.size === ready ? {} : { numberUnavailable: seen.wanted.size - ready }),
    };
    noteControllerWrite(set, draft, plane.store.timestamp());
  });
}
