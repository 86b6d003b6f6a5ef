import { NodeClaim as ClaimKind, Node as NodeKind, Pod as PodKind } from '../model/kinds.ts';
import type { NodeClaim } from '../model/machine-schemas.ts';
import {
  type Condition,
  conditionStatus,
  controllerOf,
  isTerminating,
  withCondition,
} from '../model/objects.ts';
import type { Node, Pod } from '../model/schemas.ts';
import { ApiError } from '../registry/api-error.ts';
import { deleteObject } from '../registry/deletion.ts';
import { evict } from '../registry/eviction.ts';
import type { Change } from '../storage/history.ts';
import type { Store } from '../storage/store.ts';
import { asKind, type Controller, type ControlPlane } from './controller.ts';
import { dropFinalizer } from './garbage-collector.ts';
import { finishBoot, registerNode, switchOff } from './machine-nodes.ts';
import { isFinished } from './workload-pods.ts';

const finalizer = 'karpenter.sh/termination';
const registersAt = 0.7;

/** Boots a node for each NodeClaim; when the claim is deleted, drains the node and switches it off. */
export function createNodeClaims(plane: ControlPlane): Controller {
  const { store, timings } = plane;
  const since = new Map<string, number>();
  return {
    delayMs: timings.controllerMs,
    kinds: [ClaimKind],
    keysOf: (change) => claimsOf(store, change),
    reconcile: (name) => {
      const claim = store.get(ClaimKind, name);
      if (claim === undefined) return undefined;
      if (isTerminating(claim)) return terminate(plane, claim);
      const now = store.clock.now();
      const started = since.get(claim.metadata.uid) ?? now;
      since.set(claim.metadata.uid, started);
      return launch(plane, claim, now - started);
    },
  };
}

/** A claim, or that of a node that has changed. */
function claimsOf(store: Store, change: Change): string[] {
  if (change.object.kind === ClaimKind.kind) return [change.object.metadata.name];
  const node = asKind(NodeKind, change);
  if (node?.metadata.labels?.['karpenter.sh/nodepool'] === undefined) return [];
  return store
    .list(ClaimKind)
    .filter((claim) => nodeNameOf(claim) === node.metadata.name)
    .map((claim) => claim.metadata.name);
}

function nodeNameOf(claim: NodeClaim): string {
  const planned = claim.metadata.annotations?.['simulation/node-name'];
  return claim.status?.nodeName ?? planned ?? claim.metadata.name;
}

function launch(plane: ControlPlane, claim: NodeClaim, elapsed: number): number | undefined {
  const { store, timings } = plane;
  if (!claim.metadata.finalizers?.includes(finalizer)) {
    store.change(claim, (draft) => {
      draft.metadata.finalizers = [...(draft.metadata.finalizers ?? []), finalizer];
    });
    return 0;
  }
  const name = nodeNameOf(claim);
  const node = store.get(NodeKind, name);
  const ready = conditionStatus(node?.status?.conditions, 'Ready') === 'True';
  if (node !== undefined && isTerminating(node)) {
    // Deleting the node means deleting its claim: Karpenter's finalizer on the node sees to it.
    deleteObject(store, { kind: ClaimKind, object: claim });
    return undefined;
  }
  setConditions(store, claim, {
    Launched: true,
    Registered: node !== undefined,
    Initialized: ready,
  });
  if (ready) return undefined;
  const registerMs = timings.machineBootMs * registersAt;
  if (elapsed < registerMs) return registerMs - elapsed;
  if (node === undefined) register(plane, claim);
  if (elapsed < timings.machineBootMs) return timings.machineBootMs - elapsed;
  finishBoot(plane, name);
  return undefined;
}

function register(plane: ControlPlane, claim: NodeClaim): void {
  const pool = claim.metadata.labels?.['karpenter.sh/nodepool'] ?? '';
  const peers = plane.store
    .list(NodeKind)
    .filter((node) => node.metadata.labels?.['karpenter.sh/nodepool'] === pool);
  const [like] = peers;
  registerNode(plane, {
    name: nodeNameOf(claim),
    providerId: claim.status?.providerID ?? `simulated:///${nodeNameOf(claim)}`,
    zone: like?.metadata.labels?.['topology.kubernetes.io/zone'] ?? '',
    labels: { 'karpenter.sh/nodepool': pool, 'karpenter.sh/registered': 'true' },
    annotations: {},
    finalizers: [finalizer],
    like,
  });
}

function setConditions(
  store: Store,
  claim: NodeClaim,
  wanted: Readonly<Record<string, boolean>>,
): NodeClaim {
  const all = Object.values(wanted).every(Boolean);
  return store.change(claim, (draft) => {
    let conditions: Condition[] = draft.status?.conditions ?? [];
    for (const [type, holds] of Object.entries({ ...wanted, Ready: all })) {
      const status = holds ? 'True' : 'Unknown';
      const condition = { type, status, reason: type, message: '' };
      conditions = withCondition(conditions, condition, store.timestamp());
    }
    const name = nodeNameOf(claim);
    draft.status = {
      ...draft.status,
      providerID: draft.status?.providerID ?? `simulated:///${name}`,
      ...(wanted['Registered'] ? { nodeName: name } : {}),
      conditions,
    };
  });
}

/** Taints the node, drains it within the budgets, then ends the instance. */
function terminate(plane: ControlPlane, claim: NodeClaim): number | undefined {
  const { store, timings } = plane;
  const name = nodeNameOf(claim);
  const node = store.get(NodeKind, name);
  if (node !== undefined) {
    taint(store, node);
    if (drain(plane, name) > 0) return timings.podStopMs + timings.controllerMs;
  }
  setDrained(store, claim);
  switchOff(plane, name);
  const current = store.get(ClaimKind, claim.metadata.name);
  if (current !== undefined) dropFinalizer(store, current, finalizer);
  return undefined;
}

function setDrained(store: Store, claim: NodeClaim): void {
  store.change(claim, (draft) => {
    let conditions: Condition[] = draft.status?.conditions ?? [];
    for (const type of ['Drained', 'VolumesDetached', 'InstanceTerminating']) {
      const condition = { type, status: 'True', reason: type, message: '' };
      conditions = withCondition(conditions, condition, store.timestamp());
    }
    draft.status = { ...draft.status, conditions };
  });
}

function taint(store: Store, node: Node): void {
  const disrupted = { key: 'karpenter.sh/disrupted', effect: 'NoSchedule' };
  const taints = node.spec?.taints ?? [];
  if (taints.some((each) => each.key === disrupted.key)) return;
  store.change(node, (draft) => {
    draft.spec = { ...draft.spec, taints: [...taints, disrupted] };
  });
}

/** Evicts what may go; returns how many pods are still to go. */
function drain(plane: ControlPlane, node: string): number {
  const pods = plane.store.podsOnNode(PodKind, node).filter(isDrainable);
  for (const pod of pods) if (!isTerminating(pod)) tryToEvict(plane, pod);
  return pods.length;
}

function isDrainable(pod: Pod): boolean {
  const mirror = pod.metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined;
  return !mirror && controllerOf(pod)?.kind !== 'DaemonSet' && !isFinished(pod);
}

function tryToEvict(plane: ControlPlane, pod: Pod): void {
  const { namespace = '', name, uid } = pod.metadata;
  try {
    evict(plane.registry, { namespace, name, options: { uid } });
  } catch (error) {
    // Its budget refuses for now: the next round asks again.
    if (!(error instanceof ApiError)) throw error;
  }
}
