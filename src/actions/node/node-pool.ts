import type { Cluster } from '../../kubernetes/kubernetes.ts';
import { Node } from '../../kubernetes/resources/node.ts';
import { isControlPlane, takesPods } from './node-state.ts';

/** Where the usual providers write the group that a node belongs to. */
const POOL_LABELS = [
  'karpenter.sh/nodepool',
  'eks.amazonaws.com/nodegroup',
  'cloud.google.com/gke-nodepool',
  'kubernetes.azure.com/agentpool',
  'node.cluster.x-k8s.io/pool',
];
/** Cluster API writes the owner of the node's Machine, its MachineSet, as an annotation. */
const CAPI_OWNER = 'cluster.x-k8s.io/owner-name';

/** The pool's name; undefined where no provider has said one. */
export function poolOf({ metadata }: Node): string | undefined {
  for (const label of POOL_LABELS) {
    const pool = metadata.labels[label];
    if (pool !== undefined) return pool;
  }
  return metadata.annotations[CAPI_OWNER];
}

/** Other nodes of the same pool that take pods; without a known pool, of all worker nodes. */
export async function othersInPool(cluster: Cluster, node: Node): Promise<Node[]> {
  const pool = poolOf(node);
  const nodes = await cluster.list(Node);
  return nodes.filter(
    (other) =>
      other.metadata.uid !== node.metadata.uid &&
      takesPods(other) &&
      poolOf(other) === pool &&
      isControlPlane(other) === isControlPlane(node),
  );
}
