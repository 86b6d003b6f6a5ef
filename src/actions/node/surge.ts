import pLimit from 'p-limit';
import { type Cluster, isKubernetesError } from '../../kubernetes/kubernetes.ts';
import { Deployment } from '../../kubernetes/resources/deployment.ts';
import { outlookOf } from '../budget-outlook.ts';
import { hasFinished, isMirror, isServing, isTerminating } from '../pod-state.ts';
import type { PodOnNode } from './pods-on-node.ts';
import { whyNoSurge, whyVolumesHold } from './surge-conditions.ts';
import type { Surge } from './surge-effect.ts';
import { restartPatch } from './surge-mark.ts';

/** Which single pods of a node can move without an outage, and why others cannot. */
export interface Surges {
  readonly restarts: readonly Surge[];
  /** UIDs of the pods that leave by the restart of their Deployment. */
  readonly pods: ReadonlySet<string>;
  /** Why not, by the UID of the pod; only of those whose Deployment has one pod. */
  readonly refused: ReadonlyMap<string, string>;
}

const ASKED_AT_ONCE = 4;

/**
 * Finds the Deployments with one pod, on the node, that an eviction would take down, or that no budget lets be evicted.
 * Restarting such a one brings a new pod up before the old one goes, as each of its rollouts does.
 * @param isWanted whether the step allows it
 */
export async function findSurges(
  cluster: Cluster,
  { pods, isWanted }: { pods: readonly PodOnNode[]; isWanted: boolean },
): Promise<Surges> {
  const candidates = singles(pods);
  const answers = await pLimit(ASKED_AT_ONCE).map(candidates, async (group) =>
    isWanted ? surgeOf(cluster, group) : 'this step is told `surge: false`',
  );
  const restarts = answers.filter((answer) => typeof answer !== 'string');
  const refused = answers.flatMap((why, index) =>
    typeof why === 'string' ? uids(candidates[index] ?? []).map((uid) => [uid, why] as const) : [],
  );
  return {
    restarts,
    pods: new Set(restarts.flatMap((surge) => uids(surge.pods))),
    refused: new Map(refused),
  };
}

function uids(pods: readonly PodOnNode[]): string[] {
  return pods.map(({ pod }) => pod.metadata.uid);
}

/** By Deployment. */
function singles(pods: readonly PodOnNode[]): PodOnNode[][] {
  const active = pods.filter(
    ({ pod }) => !hasFinished(pod) && !isTerminating(pod) && !isMirror(pod),
  );
  const owned = active.filter(
    ({ owner }) =>
      owner?.kind === 'Deployment' && !owner.missing && owner.workload?.spec.replicas === 1,
  );
  const byDeployment = Map.groupBy(owned, ({ owner }) => owner?.uid);
  return [...byDeployment.values()].filter((group) => group.some(isWorthIt));
}

/** A pod that does not serve may go at once, where its budget lets it. */
function isWorthIt({ pod, budgets }: PodOnNode): boolean {
  return isServing(pod) || outlookOf(pod, budgets).status === 'never';
}

async function surgeOf(cluster: Cluster, pods: readonly PodOnNode[]): Promise<Surge | string> {
  const owner = pods[0]?.owner;
  const deployment = owner && (await cluster.find(Deployment, owner));
  if (deployment === undefined) return 'it is gone';
  const why = whyNoSurge(deployment);
  if (why !== undefined) return why;
  for (const { pod } of pods) {
    const held = await whyVolumesHold(cluster, pod);
    if (held !== undefined) return held;
  }
  return (await whyRefused(cluster, deployment)) ?? { deployment, pods };
}

/** By dry run, as evictions are asked for: that knows rights and admission policies alike. */
async function whyRefused(cluster: Cluster, deployment: Deployment): Promise<string | undefined> {
  const body = restartPatch(deployment, { runId: 'dry-run', at: 0 });
  try {
    const change = { patch: { type: 'json', body }, options: { dryRun: true } } as const;
    await cluster.patch(Deployment, deployment.metadata, change);
    return undefined;
  } catch (error) {
    if (!isKubernetesError(error)) throw error;
    // Anything else says nothing about the restart itself: gone, changed since we looked, busy, not reached.
    const isRefusal = error.status === 403 || error.status === 400;
    return isRefusal ? `the API server refuses it: ${error.message}` : undefined;
  }
}
