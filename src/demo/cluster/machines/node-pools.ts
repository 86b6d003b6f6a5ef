import { asKind, type Controller, type ControlPlane } from '../controllers/controller.ts';
import {
  NodeClaim as ClaimKind,
  Node as NodeKind,
  Pod as PodKind,
  NodePool as PoolKind,
} from '../model/kinds.ts';
import type { NodeClaim, NodePool } from '../model/machine-schemas.ts';
import { randomSuffix } from '../model/names.ts';
import { isTerminating, ownerReference } from '../model/objects.ts';
import type { Pod } from '../model/schemas.ts';
import type { Store } from '../storage/store.ts';
import { nextNumber } from './node-names.ts';

/** Makes NodeClaims: to keep a pool with `replicas` at its size, and for pods that find no room. */
export function createNodePools(plane: ControlPlane): Controller {
  const { store, timings } = plane;
  return {
    delayMs: timings.controllerMs,
    kinds: [PoolKind],
    keysOf: (change) => {
      const pod = asKind(PodKind, change);
      const concerned =
        change.object.kind === PoolKind.kind ||
        change.object.kind === ClaimKind.kind ||
        (pod !== undefined && isWaiting(pod));
      return concerned ? store.list(PoolKind).map((pool) => pool.metadata.name) : [];
    },
    reconcile: (name) => {
      const pool = store.get(PoolKind, name);
      if (pool === undefined || isTerminating(pool)) return undefined;
      provision(plane, pool);
      report(store, pool);
      return undefined;
    },
  };
}

/** The scheduler has found no node for it. */
function isWaiting(pod: Pod): boolean {
  if (pod.spec.nodeName !== undefined || isTerminating(pod)) return false;
  return (pod.status?.conditions ?? []).some(
    (condition) => condition.type === 'PodScheduled' && condition.reason === 'Unschedulable',
  );
}

function liveClaims(store: Store, pool: NodePool): NodeClaim[] {
  return store
    .list(ClaimKind)
    .filter((claim) => claim.metadata.labels?.['karpenter.sh/nodepool'] === pool.metadata.name)
    .filter((claim) => !isTerminating(claim));
}

function provision(plane: ControlPlane, pool: NodePool): void {
  const { store } = plane;
  const claims = liveClaims(store, pool);
  const missing = (pool.spec.replicas ?? 0) - claims.length;
  for (let made = 0; made < missing; made += 1) createClaim(plane, pool);
  if (pool.spec.replicas !== undefined) return;
  // One machine at a time: the pods that it does not take are still waiting when it is there.
  const arriving = claims.some((claim) => !isInitialized(claim));
  if (!arriving && store.list(PodKind).some(isWaiting)) createClaim(plane, pool);
}

function isInitialized(claim: NodeClaim): boolean {
  return (claim.status?.conditions ?? []).some(
    (condition) => condition.type === 'Initialized' && condition.status === 'True',
  );
}

function createClaim(plane: ControlPlane, pool: NodePool): void {
  const prefix = `${pool.metadata.annotations?.['simulation/node-prefix'] ?? pool.metadata.name}-`;
  const nodeName = nextNodeName(plane.store, prefix);
  plane.registry.create(ClaimKind, {
    apiVersion: pool.apiVersion,
    kind: ClaimKind.kind,
    metadata: {
      name: `${pool.metadata.name}-${randomSuffix()}`,
      labels: {
        ...pool.spec.template.metadata?.labels,
        'karpenter.sh/nodepool': pool.metadata.name,
      },
      annotations: { 'simulation/node-name': nodeName },
      finalizers: ['karpenter.sh/termination'],
      ownerReferences: [ownerReference(pool)],
    },
    spec: structuredClone(pool.spec.template.spec ?? {}),
  });
}

/** Claims that have no node yet hold their name too. */
function nextNodeName(store: Store, prefix: string): string {
  const claimed = store
    .list(ClaimKind)
    .map((claim) => claim.metadata.annotations?.['simulation/node-name'] ?? '')
    .map((name) => (name.startsWith(prefix) ? Number.parseInt(name.slice(prefix.length), 10) : 0));
  return `${prefix}${Math.max(nextNumber(store, prefix), ...claimed.map((number) => number + 1))}`;
}

function report(store: Store, pool: NodePool): void {
  const nodes = store
    .list(NodeKind)
    .filter((node) => node.metadata.labels?.['karpenter.sh/nodepool'] === pool.metadata.name);
  store.change(pool, (draft) => {
    const resources = { nodes: String(nodes.length) };
    draft.status = { ...draft.status, nodes: nodes.length, resources };
  });
}
