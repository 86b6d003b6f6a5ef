import { randomBytes } from 'node:crypto';
import { KubeConfig } from '@kubernetes/client-node';
import { inject } from 'vitest';
import type { Manifest } from '../../../src/demo/cluster/model/objects.ts';
import { startSimulatedCluster } from '../../../src/demo/cluster/simulated-cluster.ts';
import type { Timings } from '../../../src/demo/cluster/timings.ts';
import { ClusterApi } from './cluster-api.ts';
import { ClusterUnderTest } from './cluster-under-test.ts';
import { runLabel } from './given-cluster.ts';
import { loadKubeconfig } from './load-kubeconfig.ts';
import { simulatedNode } from './manifests.ts';
import { until } from './until.ts';

export interface Simulation {
  readonly seed?: readonly Manifest[];
  readonly timings?: Partial<Timings>;
}

const threeNodes = ['node-1', 'node-2', 'node-3'].map(simulatedNode);

/**
 * A reachable cluster and the name of a namespace for one test file: the cluster that was given, or one that is
 * simulated for this file. Either is known by its API and a kubeconfig alone.
 * @param simulation what the simulated cluster begins with; a given one is taken as it is
 */
export async function connectCluster(simulation: Simulation = {}): Promise<ClusterUnderTest> {
  const namespace = `handrail-test-${randomBytes(4).toString('hex')}`;
  const given = inject('cluster') ?? undefined;
  const run = inject('clusterRun');
  if (given !== undefined) {
    const api = new ClusterApi(loadKubeconfig(given));
    return new ClusterUnderTest({ api, namespace, given, run, stop: () => Promise.resolve() });
  }
  const simulated = await startSimulatedCluster({
    name: 'contract',
    region: 'fake',
    seed: simulation.seed ?? threeNodes,
    timings: { secondMs: 20, ...simulation.timings },
  });
  const config = new KubeConfig();
  config.loadFromString(simulated.kubeconfig);
  const api = new ClusterApi(config);
  return new ClusterUnderTest({ api, namespace, given, run, stop: () => simulated.stop() });
}

/** The same with the namespace made, and ready for pods. */
export async function openCluster(simulation: Simulation = {}): Promise<ClusterUnderTest> {
  const cluster = await connectCluster(simulation);
  try {
    await createNamespace(cluster);
    return cluster;
  } catch (error) {
    await cluster.close();
    throw error;
  }
}

/** Pods are refused until the namespace's service account is there. */
async function createNamespace(cluster: ClusterUnderTest): Promise<void> {
  const { api, namespace, run } = cluster;
  const labels = { [runLabel]: run };
  const body = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels } };
  await api.expect('POST /api/v1/namespaces', { body });
  await until(
    'the namespace has its service account',
    () => cluster.find('serviceaccounts', 'default'),
    (account) => account !== undefined,
  );
}
