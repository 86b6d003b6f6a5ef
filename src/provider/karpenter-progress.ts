import type { Cluster } from '../kubernetes/kubernetes.ts';
import type { Condition } from '../kubernetes/resources/metadata.ts';
import { NODE_POOL_LABEL, NodeClaim, NodePool } from '../kubernetes/resources/node-claim.ts';
import { type GroupMember, judgeReplacement } from './judge-replacement.ts';
import type { ReplacementBaseline, ReplacementState } from './provider.ts';

export async function pollKarpenter(
  cluster: Cluster,
  baseline: ReplacementBaseline,
): Promise<ReplacementState> {
  const old = await cluster.find(NodeClaim, { name: baseline.machine.name });
  if (old && old.metadata.uid === baseline.machine.uid) return stateOfOld(old);
  const pool = await cluster.find(NodePool, { name: baseline.groupName });
  if (!pool || pool.metadata.deletionTimestamp) {
    const detail = `NodePool ${baseline.groupName} is gone, so that no new node will come`;
    return { status: 'failed', detail };
  }
  const claims = await claimsOf(cluster, baseline.groupName);
  return judgeReplacement(cluster, baseline, {
    text: `NodePool ${baseline.groupName}`,
    desired: pool.spec.replicas ?? baseline.desired,
    members: claims.map(toMember),
  });
}

/** The claims of a pool that are not being deleted. */
export async function claimsOf(cluster: Cluster, pool: string): Promise<NodeClaim[]> {
  const claims = await cluster.list(NodeClaim, { labelSelector: `${NODE_POOL_LABEL}=${pool}` });
  return claims.filter(({ metadata }) => !metadata.deletionTimestamp);
}

/** Launched, registered, and rid of its startup taints. */
export function isUp({ status }: NodeClaim): boolean {
  return isTrue(status.conditions, 'Initialized');
}

/** In the order in which they come true. */
const TERMINATION = [
  ['Drained', 'draining'],
  ['VolumesDetached', 'waiting for its volumes to detach'],
  ['InstanceTerminating', 'ending the instance'],
] as const;

function stateOfOld({ metadata, status }: NodeClaim): ReplacementState {
  const name = `NodeClaim ${metadata.name}`;
  if (!metadata.deletionTimestamp) {
    return { status: 'requested', detail: `${name} is not being deleted yet` };
  }
  const stage = TERMINATION.find(([type]) => !isTrue(status.conditions, type));
  const said = stage && status.conditions.find(({ type }) => type === stage[0])?.message;
  const doing = stage?.[1] ?? 'the instance is ending';
  const detail = `${name} is being deleted: ${doing}${said ? ` (${said.slice(0, 200)})` : ''}`;
  return { status: 'terminating', detail };
}

function toMember(claim: NodeClaim): GroupMember {
  const { metadata, status } = claim;
  return {
    text: `NodeClaim ${metadata.name}`,
    nodeName: status.nodeName,
    terminating: false,
    waitsFor: waitsFor(status.conditions),
  };
}

/** Karpenter gives up on a claim by deleting it and making another: there is no failed state to report. */
function waitsFor(conditions: readonly Condition[]): string {
  for (const type of ['Launched', 'Registered', 'Initialized']) {
    if (isTrue(conditions, type)) continue;
    const condition = conditions.find((candidate) => candidate.type === type);
    const why = condition?.message || condition?.reason;
    return `is not ${type}${why ? ` (${why.slice(0, 200)})` : ''}`;
  }
  return '';
}

function isTrue(conditions: readonly Condition[], type: string): boolean {
  return conditions.some((condition) => condition.type === type && condition.status === 'True');
}
