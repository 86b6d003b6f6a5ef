import { setTimeout as delay } from 'node:timers/promises';
import { connectCluster } from '../src/kubernetes/connect-cluster.ts';
import { type Cluster, isKubernetesError } from '../src/kubernetes/kubernetes.ts';
import { Pod } from '../src/kubernetes/resources/pod.ts';
import { type MeasuredCluster, NODE } from './measured-cluster.ts';

const REFUSED_MS = 5_000;
const POLL_MS = 1_000;

/**
 * The usual drain: evicts all pods at once, sleeps a fixed time where a budget refuses, and looks once a second whether a
 * pod has gone.
 * @see https://github.com/kubernetes/kubectl/blob/master/pkg/drain/drain.go
 */
export async function drainBySleeping({ kubeconfig }: MeasuredCluster): Promise<void> {
  const cluster = connectCluster({ name: 'bench', kubeconfig, context: 'bench', inCluster: false });
  const pods = await cluster.list(Pod, { fieldSelector: `spec.nodeName=${NODE}` });
  await Promise.all(pods.map((pod) => leave(cluster, pod)));
}

async function leave(cluster: Cluster, { metadata }: Pod): Promise<void> {
  const { name, namespace = 'default', uid } = metadata;
  while (!(await isEvicted(cluster, { name, namespace, uid }))) await delay(REFUSED_MS);
  for (;;) {
    const pod = await cluster.find(Pod, { name, namespace });
    if (pod?.metadata.uid !== uid) return;
    await delay(POLL_MS);
  }
}

async function isEvicted(
  cluster: Cluster,
  pod: { name: string; namespace: string; uid: string },
): Promise<boolean> {
  try {
    await cluster.evict(pod);
    return true;
  } catch (error) {
    if (isKubernetesError(error) && error.status === 429) return false;
    throw error;
  }
}
