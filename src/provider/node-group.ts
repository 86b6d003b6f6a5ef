import type { Cluster } from '../kubernetes/kubernetes.ts';
import { Node } from '../kubernetes/resources/node.ts';

/** Labels by which clouds and people mark the pool of a node, the surest first. */
const POOL_LABELS = [
  'eks.amazonaws.com/nodegroup',
  'cloud.google.com/gke-nodepool',
  'kubernetes.azure.com/agentpool',
  'karpenter.sh/nodepool',
  'node.kubernetes.io/pool',
  'node.kubernetes.io/instance-group',
] as const;

const CONTROL_PLANE_LABEL = 'node-role.kubernetes.io/control-plane';

/** A label selector for the nodes that replace each other: the pool of this node, else all that are no control plane. */
export function groupSelector(node: Node): string {
  for (const label of POOL_LABELS) {
    const value = node.metadata.labels[label];
    if (value !== undefined) return `${label}=${value}`;
  }
  return `!${CONTROL_PLANE_LABEL}`;
}

export function isControlPlane({ metadata }: Node): boolean {
  return CONTROL_PLANE_LABEL in metadata.labels;
}

export function nodesOfGroup(cluster: Cluster, labelSelector: string): Promise<Node[]> {
  return cluster.list(Node, { labelSelector });
}
