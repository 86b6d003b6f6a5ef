import { didYouMean } from '../../did-you-mean.ts';
import { RunbookError } from '../../errors.ts';
import type { Cluster } from '../../kubernetes/kubernetes.ts';
import { Node } from '../../kubernetes/resources/node.ts';
import type { Blocker } from '../action.ts';
import { conditionOf } from '../pod-state.ts';

/** What the node's Ready condition says. Unknown: its kubelet has stopped answering. */
export type NodeReadiness = 'True' | 'False' | 'Unknown';

export function readinessOfNode(node: Node): NodeReadiness {
  const status = conditionOf(node.status.conditions, 'Ready')?.status;
  return status === 'True' || status === 'False' ? status : 'Unknown';
}

/** Takes new pods: Ready, and not cordoned. */
export function takesPods(node: Node): boolean {
  return readinessOfNode(node) === 'True' && !node.spec.unschedulable;
}

const CONTROL_PLANE_KEYS = [
  'node-role.kubernetes.io/control-plane',
  'node-role.kubernetes.io/master',
  'node-role.kubernetes.io/etcd',
];

export function isControlPlane({ metadata, spec }: Node): boolean {
  return CONTROL_PLANE_KEYS.some(
    (key) => key in metadata.labels || spec.taints.some((taint) => taint.key === key),
  );
}

/** The plan's answer to a node that is not there. */
export async function nodeNotFound(cluster: Cluster, name: string): Promise<Blocker> {
  const names = (await cluster.list(Node)).map(({ metadata }) => metadata.name);
  const hint = didYouMean(name, names);
  return {
    code: 'node_not_found',
    text: `Cluster ${cluster.name} has no node \`${name}\`${hint.endsWith('?') ? hint : `${hint}.`}`,
    wayOut: 'Check the name and the cluster, then ask again.',
  };
}

/** The node that was approved is not there any more, so nothing was done to it. */
export class NodeGoneError extends RunbookError {
  constructor(node: string) {
    super('node_gone', `node ${node} is gone: somebody else has taken it away; look at its pool`, {
      data: { node },
    });
  }
}
