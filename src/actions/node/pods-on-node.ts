import pLimit from 'p-limit';
import type { Cluster } from '../../kubernetes/kubernetes.ts';
import { DisruptionBudget } from '../../kubernetes/resources/disruption-budget.ts';
import { Pod } from '../../kubernetes/resources/pod.ts';
import { budgetsOf } from '../budget-outlook.ts';
import type { ClusterReader } from '../cluster-reader.ts';
import { type Owner, Owners } from '../owners.ts';
import { nodeLocalVolumes } from './node-local-volumes.ts';

/** A pod with what decides over its fate in a drain. */
export interface PodOnNode {
  readonly pod: Pod;
  readonly owner: Owner | undefined;
  /** The disruption budgets that cover it. */
  readonly budgets: readonly DisruptionBudget[];
  /** Its volumes that cannot follow it to another node, in words. */
  readonly localVolumes: readonly string[];
}

const READS_AT_ONCE = 8;

export function listPodsOn(cluster: ClusterReader, node: string): Promise<readonly Pod[]> {
  return cluster.list(Pod, { fieldSelector: `spec.nodeName=${node}` });
}

/** All pods bound to a node, by namespace and name, with their owners, budgets and local volumes. */
export async function podsOnNode(cluster: Cluster, node: string): Promise<PodOnNode[]> {
  const pods = await listPodsOn(cluster, node);
  const limit = pLimit(READS_AT_ONCE);
  const namespaces = [...new Set(pods.map((pod) => pod.metadata.namespace ?? 'default'))];
  const budgets = await limit.map(namespaces, (namespace) =>
    cluster.list(DisruptionBudget, { namespace }),
  );
  const owners = new Owners(cluster);
  return limit.map(pods.toSorted(byName), async (pod) => ({
    pod,
    owner: await owners.of(pod),
    budgets: budgetsOf(pod, budgets.flat()),
    localVolumes: await nodeLocalVolumes(cluster, pod),
  }));
}

function byName(a: Pod, b: Pod): number {
  const namespaces = (a.metadata.namespace ?? '').localeCompare(b.metadata.namespace ?? '');
  return namespaces || a.metadata.name.localeCompare(b.metadata.name);
}
