import { randomBytes } from 'node:crypto';
import type { TestProject } from 'vitest/node';
import { ClusterApi } from './cluster-api.ts';
import { inspectCluster } from './inspect-cluster.ts';
import { removeLeftovers } from './leftovers.ts';
import { loadKubeconfig } from './load-kubeconfig.ts';

/**
 * Stands between the suite and somebody's cluster: says which one it is and what will be done, refuses one that looks like
 * production, and takes away whatever the run has left, also where tests failed.
 * @throws ClusterSettingsError saying what to set
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { cluster } = project.config.provide;
  if (cluster === null || cluster === undefined) return () => Promise.resolve();
  const config = loadKubeconfig(cluster);
  const api = new ClusterApi(config);
  const context = config.getCurrentContext();
  const found = await inspectCluster(api, { context, consent: cluster.consent });
  process.stderr.write(
    `\nTesting against ${found}.\nMakes namespaces handrail-test-*, cordons one node for moments, removes all of it again.\n`,
  );
  const run = randomBytes(4).toString('hex');
  project.provide('clusterRun', run);
  return () => removeLeftovers(api, run);
}
