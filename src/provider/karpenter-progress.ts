import type { Cluster } from '../kubernetes/kubernetes.ts';
import type { Condition } from '../kubernetes/resources/metadata.ts';
import { NODE_POOL_LABEL, NodeClaim, NodePool } from '../kubernetes/resources/node-claim.ts';
import { Pod } from '../kubernetes/resources/pod.ts';
import { conditionOf, conditionText, isTrue } from './condition-text.ts';
import { type GroupMember, judgeReplacement } from './judge-replacement.ts';
import type { ReplacementBaseline, ReplacementState } from './provider.ts';
import { latestWarning } from './provider-warnings.ts';

/** Timestamps of the API have whole seconds. */
const SECOND_MS = 1_000;

export async function pollKarpenter(
  cluster: Cluster,
  baseline: ReplacementBaseline,
): Promise<ReplacementState> {
  const old = await cluster.find(NodeClaim, { name: baseline.machine.name });
  if (old && old.metadata.uid === baseline.machine.uid) {
    return stateOfOld(cluster, baseline, old);
  }
  const pool = await cluster.find(NodePool, { name: baseline.groupName });
  if (!pool || pool.metadata.deletionTimestamp) {
    const detail = `NodePool ${baseline.groupName} is gone, so that no new node will come`;
    return { status: 'failed', detail };
  }
  const claims = await claimsOf(cluster, baseline.groupName);
  if (pool.spec.replicas === undefined) return judgeElasticPool(cluster, baseline, claims);
  const state = await judgeReplacement(cluster, baseline, {
    text: `NodePool ${baseline.groupName}`,
    desired: pool.spec.replicas,
    members: claims.map(toMember),
  });
  return withTroubles(cluster, baseline, { state, pool });
}

/** Karpenter gives up on a claim by deleting it and making another: why stands in events, and on the pool. */
async function withTroubles(
  cluster: Cluster,
  { askedAt = 0 }: ReplacementBaseline,
  { state, pool }: { state: ReplacementState; pool: NodePool },
): Promise<ReplacementState> {
  if (state.status !== 'provisioning') return state;
  const since = askedAt - SECOND_MS;
  const about = { kind: 'NodeClaim', reason: 'InsufficientCapacityError' };
  const noRoom = await latestWarning(cluster, about, since);
  const health = conditionOf(pool.status.conditions, 'NodeRegistrationHealthy');
  const unhealthy = health?.status === 'False' ? conditionText(health) : undefined;
  const troubles = [noRoom, unhealthy].filter((trouble) => trouble !== undefined);
  if (troubles.length === 0) return state;
  const { name } = pool.metadata;
  return {
    ...state,
    detail: `${state.detail}; Karpenter says: ${troubles.join('; ')}`,
    next: noRoom
      ? `Let NodePool ${name} use other instance types or zones, or wait for capacity: Karpenter tries again by itself.`
      : `Look why nodes of NodePool ${name} do not join (boot log, network, node class): Karpenter tries again by itself.`,
  };
}

/**
 * A pool without `replicas` has no size to come back to: Karpenter makes a node when pods find no room, and none otherwise.
 * So it is whole when the old node is gone, nothing of it is still coming up, and no pod waits for room since then.
 */
async function judgeElasticPool(
  cluster: Cluster,
  baseline: ReplacementBaseline,
  claims: readonly NodeClaim[],
): Promise<ReplacementState> {
  const text = `NodePool ${baseline.groupName}`;
  const desired = claims.length;
  const group = { text, desired, members: claims.map(toMember) };
  const state = await judgeReplacement(cluster, { ...baseline, desired }, group);
  if (state.status !== 'provisioning' || !claims.every(isUp)) return state;
  const waiting = await waitingForRoom(cluster, baseline);
  if (waiting.length > 0) {
    const detail = `${text} has no new node yet; pods wait for room: ${waiting.slice(0, 3).join(', ')}`;
    return { status: 'provisioning', detail };
  }
  const detail = `no pod waits for room, so ${text}, which has no fixed size, makes no node in its place`;
  return { status: 'not_needed', detail };
}

/** Pods made since the replacement was asked for that the scheduler finds no node for; older ones waited before us. */
async function waitingForRoom(
  cluster: Cluster,
  { askedAt = 0 }: ReplacementBaseline,
): Promise<string[]> {
  const pending = await cluster.list(Pod, { fieldSelector: 'status.phase=Pending' });
  return pending
    .filter(({ metadata }) => Date.parse(metadata.creationTimestamp) >= askedAt - SECOND_MS)
    .filter(({ spec, status }) => spec.nodeName === undefined && hasNoRoom(status.conditions))
    .map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
}

function hasNoRoom(conditions: readonly Condition[]): boolean {
  return conditions.some(
    ({ type, status, reason }) =>
      type === 'PodScheduled' && status === 'False' && reason === 'Unschedulable',
  );
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

async function stateOfOld(
  cluster: Cluster,
  baseline: ReplacementBaseline,
  { metadata, status }: NodeClaim,
): Promise<ReplacementState> {
  const name = `NodeClaim ${metadata.name}`;
  if (!metadata.deletionTimestamp) {
    return { status: 'requested', detail: `${name} is not being deleted yet` };
  }
  const stage = TERMINATION.find(([type]) => !isTrue(status.conditions, type));
  const condition = stage && conditionOf(status.conditions, stage[0]);
  const said = condition ? ` (${conditionText(condition)})` : '';
  const doing = `${stage?.[1] ?? 'the instance is ending'}${said}`;
  const isDraining = stage?.[0] === 'Drained';
  const blocked = isDraining ? await whyNotDrained(cluster, baseline) : '';
  return {
    status: 'terminating',
    detail: `${name} is being deleted: ${doing}${blocked}`,
    next: isDraining
      ? `Let the pods on ${baseline.nodeName} go (a budget that gives way, \`karpenter.sh/do-not-disrupt\` taken off): Karpenter then goes on by itself.`
      : `See at the cloud why the instance of ${name} does not end: Karpenter goes on by itself once it has.`,
  };
}

async function whyNotDrained(
  cluster: Cluster,
  { nodeName, askedAt = 0 }: ReplacementBaseline,
): Promise<string> {
  const about = { kind: 'Node', name: nodeName, reason: 'FailedDraining' };
  const said = await latestWarning(cluster, about, askedAt - SECOND_MS);
  return said === undefined ? '' : `; ${said}`;
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

function waitsFor(conditions: readonly Condition[]): string {
  for (const type of ['Launched', 'Registered', 'Initialized']) {
    if (isTrue(conditions, type)) continue;
    const condition = conditionOf(conditions, type);
    return `is not ${type}${condition ? ` (${conditionText(condition)})` : ''}`;
  }
  return '';
}
