import { z } from 'zod';
import type { Cluster, ResourceType } from '../../kubernetes/kubernetes.ts';
import { Metadata } from '../../kubernetes/resources/metadata.ts';
import type { Node } from '../../kubernetes/resources/node.ts';
import type { Blocker } from '../action.ts';
import { listed } from '../words.ts';

/** Taints that other controllers put on a node they are taking down. */
const CLAIMING_TAINTS: ReadonlyMap<string, string> = new Map([
  ['karpenter.sh/disrupted', 'Karpenter is disrupting it'],
  ['karpenter.sh/disruption', 'Karpenter is disrupting it'],
  ['ToBeDeletedByClusterAutoscaler', 'the cluster autoscaler is deleting it'],
  ['medik8s.io/drain', 'the medik8s node maintenance operator is draining it'],
  ['medik8s.io/remediation', 'a medik8s operator is remediating it'],
  ['remediation.medik8s.io/fence-agents-remediation', 'a medik8s fence agent is remediating it'],
  ['node.kubernetes.io/out-of-service', 'somebody declared it out of service'],
]);

/** @see https://github.com/medik8s/node-maintenance-operator */
const NodeMaintenance: ResourceType<{ metadata: Metadata; spec: { nodeName: string } }> = {
  apiVersion: 'nodemaintenance.medik8s.io/v1beta1',
  kind: 'NodeMaintenance',
  plural: 'nodemaintenances',
  namespaced: false,
  schema: z.object({ metadata: Metadata, spec: z.object({ nodeName: z.string() }) }),
};

/** Which other actors are at work on a node, in words; two of them would undo each other's doings. */
export async function claimsOn(cluster: Cluster, node: Node): Promise<string[]> {
  const { metadata, spec } = node;
  const claims = spec.taints.flatMap((taint) => {
    const says = CLAIMING_TAINTS.get(taint.key);
    return says === undefined ? [] : [`${says} (taint ${taint.key})`];
  });
  if (metadata.deletionTimestamp !== undefined) claims.push('it is being deleted');
  const maintenances = await cluster.list(NodeMaintenance);
  for (const maintenance of maintenances) {
    if (maintenance.spec.nodeName !== metadata.name) continue;
    claims.push(`NodeMaintenance ${maintenance.metadata.name} holds it`);
  }
  return claims;
}

export function claimedBlocker(node: Node, claims: readonly string[]): Blocker[] {
  if (claims.length === 0) return [];
  return [
    {
      code: 'node_claimed',
      text: `Another actor is at work on node ${node.metadata.name}: ${listed(claims)}.`,
      wayOut: 'Wait until it is done, or stop it there; then ask again.',
    },
  ];
}
