import type { Json } from '../json.ts';
import { type Cluster, isKubernetesError } from '../kubernetes/kubernetes.ts';
import type { Node } from '../kubernetes/resources/node.ts';
import { NODE_POOL_LABEL, NodeClaim, NodePool } from '../kubernetes/resources/node-claim.ts';
import { claimsOf, isUp, pollKarpenter } from './karpenter-progress.ts';
import type { MachineProvider, ReplacementRequest } from './provider.ts';
import { ProviderRefusedError } from './provider-error.ts';

const DO_NOT_DISRUPT = 'karpenter.sh/do-not-disrupt';

/**
 * Replaces a node by deleting its NodeClaim: Karpenter drains and ends it, and makes a new node when pods find no room.
 * @see https://karpenter.sh/docs/concepts/disruption/
 */
export const karpenter: MachineProvider = {
  name: 'karpenter',

  async find(cluster, node) {
    const claim = await findClaim(cluster, node);
    if (!claim) return undefined;
    const poolName = claim.metadata.labels[NODE_POOL_LABEL] ?? '';
    const pool = poolName ? await cluster.find(NodePool, { name: poolName }) : undefined;
    const claims = pool ? await claimsOf(cluster, poolName) : [];
    const desired = pool?.spec.replicas ?? claims.length;
    const { name, uid, deletionTimestamp } = claim.metadata;
    return {
      ...(deletionTimestamp === undefined ? {} : { deletingSince: Date.parse(deletionTimestamp) }),
      object: { kind: 'NodeClaim', name, uid },
      needs: { verb: 'delete', group: 'karpenter.sh', resource: NodeClaim.plural },
      group: { name: poolName || 'none', desired, current: claims.filter(isUp).length },
      how: `NodeClaim ${name} is deleted: Karpenter drains and ends it, then ${arrival(pool)}`,
      warnings: warningsOf(claim, pool),
      refusals: refusalsOf(claim, node, pool),
    };
  },

  async replace(cluster, request): Promise<Json> {
    const { name, uid } = request.machine.object;
    const claim = await current(cluster, request);
    if (!claim || claim.metadata.deletionTimestamp)
      return { nodeClaim: name, uid, result: 'already' };
    const pool = await cluster.find(NodePool, { name: request.machine.group.name });
    const refusals = refusalsOf(claim, request.node, pool);
    if (refusals.length > 0) throw new ProviderRefusedError(`NodeClaim ${name}`, refusals);
    try {
      await cluster.delete(NodeClaim, { name, uid });
    } catch (error) {
      // Gone, or replaced by a namesake, since we looked.
      if (isKubernetesError(error) && (error.status === 404 || error.status === 409)) {
        return { nodeClaim: name, uid, result: 'already' };
      }
      throw error;
    }
    return { nodeClaim: name, uid, result: 'deleted' };
  },

  async replaced(cluster, request) {
    const claim = await current(cluster, request);
    return !claim || claim.metadata.deletionTimestamp !== undefined;
  },

  poll: pollKarpenter,
};

async function findClaim(cluster: Cluster, node: Node): Promise<NodeClaim | undefined> {
  const pool = node.metadata.labels[NODE_POOL_LABEL];
  const labelSelector = pool === undefined ? undefined : `${NODE_POOL_LABEL}=${pool}`;
  const claims = await cluster.list(
    NodeClaim,
    labelSelector === undefined ? {} : { labelSelector },
  );
  return (
    claims.find(({ status }) => status.nodeName === node.metadata.name) ??
    claims.find(
      ({ status }) => status.providerID !== undefined && status.providerID === node.spec.providerID,
    )
  );
}

/** The NodeClaim that was approved, if it is still there. */
async function current(
  cluster: Cluster,
  { machine }: ReplacementRequest,
): Promise<NodeClaim | undefined> {
  const claim = await cluster.find(NodeClaim, { name: machine.object.name });
  return claim?.metadata.uid === machine.object.uid ? claim : undefined;
}

function arrival(pool: NodePool | undefined): string {
  const name = pool?.metadata.name ?? 'none';
  if (pool?.spec.replicas === undefined) {
    return `makes a new node of NodePool ${name} only if pods find no room: it is done when the old one is gone and no pod waits`;
  }
  return `makes a new one, because NodePool ${name} is kept at ${pool.spec.replicas}`;
}

function refusalsOf(claim: NodeClaim, node: Node, pool: NodePool | undefined): string[] {
  const refusals: string[] = [];
  if (claim.metadata.deletionTimestamp) {
    refusals.push(
      `NodeClaim ${claim.metadata.name} is being deleted already; wait until it is gone`,
    );
  }
  const marked =
    node.metadata.annotations[DO_NOT_DISRUPT] ?? claim.metadata.annotations[DO_NOT_DISRUPT];
  if (marked === 'true') {
    refusals.push(`${DO_NOT_DISRUPT} is set on the node; ask who set it, and remove it`);
  }
  if (!pool) {
    refusals.push('no NodePool owns it, so that nothing would make a new one; replace it by hand');
  } else if (pool.metadata.deletionTimestamp) {
    refusals.push(
      `NodePool ${pool.metadata.name} is being deleted, so that no new node would come`,
    );
  }
  return refusals;
}

function warningsOf(claim: NodeClaim, pool: NodePool | undefined): string[] {
  const warnings: string[] = [];
  const deadline = claim.spec.terminationGracePeriod;
  if (deadline !== undefined) {
    warnings.push(
      `terminationGracePeriod is ${deadline}: after that Karpenter ends pods whatever their budgets and do-not-disrupt say`,
    );
  }
  if (pool && pool.spec.replicas === undefined) {
    warnings.push(
      'Karpenter promises no new node: one comes only when evicted pods find no room on the others',
    );
  }
  const ready = pool?.status.conditions.find(({ type }) => type === 'Ready');
  if (pool && ready?.status === 'False') {
    const why = ready.message || ready.reason;
    warnings.push(`NodePool ${pool.metadata.name} is not ready (${why}): no new node may come`);
  }
  return warnings;
}
