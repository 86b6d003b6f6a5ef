import { asKind, type Controller, type ControlPlane } from '../controllers/controller.ts';
import { NodeClaim as ClaimKind, InfrastructureState, Node as NodeKind } from '../model/kinds.ts';
import type { NodeClaim } from '../model/machine-schemas.ts';
import { isTerminating } from '../model/objects.ts';
import type { Node } from '../model/schemas.ts';
import { deleteObject } from '../registry/deletion.ts';
import type { Change } from '../storage/history.ts';
import type { Store } from '../storage/store.ts';
import { type ClaimCondition, isTrue, setClaimConditions } from './claim-conditions.ts';
import { isNodeReady } from './drain-node.ts';
import { endClaim, terminationFinalizer } from './end-claim.ts';
import { infrastructure, noCapacityText } from './infrastructure.ts';
import { bringUp, registerNode } from './machine-nodes.ts';
import { ensureFinalizer, nodeNameOf } from './planned-node.ts';
import { Stopwatch } from './stopwatch.ts';

/** The share of the boot after which the instance is there, or the cloud has said that there is none. */
const launchedAt = 0.4;
/** Karpenter waits so long for an instance, and for a node to register; then it deletes the claim. */
const launchSeconds = 5 * 60;
const registrationSeconds = 15 * 60;

/** Boots a node for each NodeClaim; when the claim is deleted, drains the node and switches it off. */
export function createNodeClaims(plane: ControlPlane): Controller {
  const { store, timings } = plane;
  const stopwatch = new Stopwatch(store.clock);
  return {
    delayMs: timings.controllerMs,
    kinds: [ClaimKind],
    keysOf: (change) => claimsOf(store, change),
    reconcile: (name) => {
      const claim = store.get(ClaimKind, name);
      if (claim === undefined) return undefined;
      if (isTerminating(claim)) return endClaim(plane, claim, stopwatch);
      if (ensureFinalizer(store, claim, terminationFinalizer)) return 0;
      return isTrue(claim, 'Launched')
        ? awaitNode(plane, claim, stopwatch)
        : launch(plane, claim, stopwatch.elapsedMs(claim.metadata.uid));
    },
  };
}

/** A claim, or that of a node or pod that has changed; all when the infrastructure has. */
function claimsOf(store: Store, change: Change): string[] {
  if (change.object.kind === ClaimKind.kind) return [change.object.metadata.name];
  const claims = store.list(ClaimKind);
  if (change.object.kind === InfrastructureState.kind) {
    return claims.map(({ metadata }) => metadata.name);
  }
  const node = asKind(NodeKind, change);
  if (node?.metadata.labels?.['karpenter.sh/nodepool'] === undefined) return [];
  return claims
    .filter((claim) => nodeNameOf(claim) === node.metadata.name)
    .map(({ metadata }) => metadata.name);
}

function launch(plane: ControlPlane, claim: NodeClaim, elapsedMs: number): number | undefined {
  const { store, timings } = plane;
  if ((claim.status?.conditions ?? []).length === 0) awaitReconciliation(store, claim);
  const leftMs = timings.machineBootMs * launchedAt - elapsedMs;
  if (leftMs > 0) return leftMs;
  switch (infrastructure(store).arrival) {
    case 'no-capacity':
      return giveUp(plane, claim);
    case 'fails':
      return tryAgain(plane, claim, elapsedMs);
    default:
      return start(store, claim);
  }
}

function awaitReconciliation(store: Store, claim: NodeClaim): void {
  const status = 'Unknown';
  const reason = 'AwaitingReconciliation';
  const message = 'object is awaiting reconciliation';
  const types = ['Launched', 'Registered', 'Initialized'] as const;
  setClaimConditions(
    store,
    claim,
    types.map((type) => ({ type, status, reason, message })),
  );
}

/** The instance is there. */
function start(store: Store, claim: NodeClaim): number {
  store.change(claim, (draft) => {
    draft.status = { ...draft.status, providerID: `simulated:///${nodeNameOf(claim)}` };
  });
  const launched = store.get(ClaimKind, claim.metadata.name) ?? claim;
  setClaimConditions(store, launched, [{ type: 'Launched', status: 'True' }]);
  return 0;
}

/** Where there is no capacity Karpenter deletes the claim, and its pool makes another. */
function giveUp({ store, events }: ControlPlane, claim: NodeClaim): undefined {
  const { name } = claim.metadata;
  events.record(claim, {
    type: 'Warning',
    reason: 'InsufficientCapacityError',
    message: `NodeClaim ${name} event: creating instance, insufficient capacity, ${noCapacityText('')}`,
    component: 'karpenter',
  });
  deleteObject(store, { kind: ClaimKind, object: claim });
}

/** Whatever else the cloud says, Karpenter asks again for a while; then it deletes the claim. */
function tryAgain(
  { store, timings }: ControlPlane,
  claim: NodeClaim,
  elapsedMs: number,
): number | undefined {
  const message =
    'creating instance, UnauthorizedOperation: You are not authorized to perform this operation.';
  const failed = { type: 'Launched', status: 'Unknown', reason: 'LaunchFailed', message } as const;
  const reported = setClaimConditions(store, claim, [failed]);
  const leftMs = launchSeconds * timings.secondMs - elapsedMs;
  if (leftMs > 0) return leftMs;
  deleteObject(store, { kind: ClaimKind, object: reported });
  return undefined;
}

/** From the instance to a node that is Ready. */
function awaitNode(
  plane: ControlPlane,
  claim: NodeClaim,
  stopwatch: Stopwatch,
): number | undefined {
  const { store } = plane;
  const name = nodeNameOf(claim);
  const node = store.get(NodeKind, name);
  if (node !== undefined && isTerminating(node)) {
    // Deleting the node means deleting its claim: Karpenter's finalizer on the node sees to it.
    deleteObject(store, { kind: ClaimKind, object: claim });
    return undefined;
  }
  const reported = setClaimConditions(store, claim, [
    ...registration(claim, node),
    ...initialization(claim, node),
  ]);
  const elapsedMs = stopwatch.elapsedMs(claim.metadata.uid);
  const nextMs = bringUp(plane, { name, elapsedMs, register: () => register(plane, reported) });
  if (isTrue(reported, 'Registered') || nextMs !== undefined) return nextMs;
  return awaitRegistration(plane, reported, stopwatch);
}

function registration(claim: NodeClaim, node: Node | undefined): ClaimCondition[] {
  if (isTrue(claim, 'Registered')) return [];
  if (node !== undefined) return [{ type: 'Registered', status: 'True' }];
  const message = 'Node not registered with cluster';
  return [{ type: 'Registered', status: 'Unknown', reason: 'NodeNotFound', message }];
}

function initialization(claim: NodeClaim, node: Node | undefined): ClaimCondition[] {
  if (isTrue(claim, 'Initialized') || node === undefined) return [];
  if (isNodeReady(node)) return [{ type: 'Initialized', status: 'True' }];
  const message = 'Node status is NotReady';
  return [{ type: 'Initialized', status: 'Unknown', reason: 'NodeNotReady', message }];
}

/** A node that has not registered in time will not: another is tried. */
function awaitRegistration(
  { store, timings }: ControlPlane,
  claim: NodeClaim,
  stopwatch: Stopwatch,
): number | undefined {
  const limitMs = registrationSeconds * timings.secondMs;
  const leftMs = limitMs - stopwatch.elapsedMs(`${claim.metadata.uid}/registration`);
  if (leftMs > 0) return leftMs;
  deleteObject(store, { kind: ClaimKind, object: claim });
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
    providerId: claim.status?.providerID ?? '',
    zone: like?.metadata.labels?.['topology.kubernetes.io/zone'] ?? '',
    labels: { 'karpenter.sh/nodepool': pool, 'karpenter.sh/registered': 'true' },
    annotations: {},
    finalizers: [terminationFinalizer],
    like,
  });
}
