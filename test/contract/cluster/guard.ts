import { randomBytes } from 'node:crypto';
import type { TestProject } from 'vitest/node';
import { ClusterApi } from './cluster-api.ts';
import type { GivenCluster } from './given-cluster.ts';
import type { Json } from './json.ts';
import { removeLeftovers } from './leftovers.ts';
import { ClusterSettingsError, loadKubeconfig } from './load-kubeconfig.ts';
import { workerNodes } from './nodes.ts';

const consent = 'yes-this-one-may-be-changed';
/** Test clusters are small. */
const manyNodes = 10;

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
  await introduce(api, cluster, config.getCurrentContext());
  const run = randomBytes(4).toString('hex');
  project.provide('clusterRun', run);
  return () => removeLeftovers(api, run);
}

async function introduce(api: ClusterApi, given: GivenCluster, context: string): Promise<void> {
  const { gitVersion } = await reach(api);
  const { items: nodes } = await api.expect('GET /api/v1/nodes');
  const { items: namespaces } = await api.expect('GET /api/v1/namespaces');
  const server = `context ${context}: Kubernetes ${gitVersion}, ${nodes.length} nodes, ${namespaces.length} namespaces`;
  process.stderr.write(
    `\nTesting against ${server}.\nMakes namespaces handrail-test-*, cordons one node for moments, removes all of it again.\n`,
  );
  const worry = looksLikeProduction(context, nodes, namespaces);
  if (worry !== undefined && given.consent !== consent) {
    throw new ClusterSettingsError(
      `${server}: ${worry}. Nothing was changed. If this cluster may be changed all the same, set HANDRAIL_TEST_CLUSTER=${consent}.`,
    );
  }
  if (!(await mayDoEverything(api))) {
    throw new ClusterSettingsError(
      `${server}: the tests make roles, impersonate and cordon, so the kubeconfig's user has to be a cluster-admin; this one is not.`,
    );
  }
  if ((await workerNodes(api)).length === 0) {
    throw new ClusterSettingsError(
      `${server}: no node takes pods; at least one has to be ready, without taints, and no control-plane node.`,
    );
  }
}

async function reach(api: ClusterApi): Promise<Json> {
  try {
    return await api.expect('GET /version');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new ClusterSettingsError(`The cluster of KUBECONFIG does not answer: ${why}`, {
      cause: error,
    });
  }
}

function looksLikeProduction(
  context: string,
  nodes: readonly Json[],
  namespaces: readonly Json[],
): string | undefined {
  const names = [context, ...[...nodes, ...namespaces].map(({ metadata }) => metadata.name)];
  const telling = names.find((name) => /prod|(^|[-_.])(live|prd)($|[-_.])/i.test(name));
  if (telling !== undefined) return `"${telling}" sounds like production`;
  if (nodes.length > manyNodes) return `more than ${manyNodes} nodes is no test cluster`;
  return undefined;
}

async function mayDoEverything(api: ClusterApi): Promise<boolean> {
  const spec = { resourceAttributes: { verb: '*', group: '*', resource: '*' } };
  const path = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
  const body = { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', spec };
  return (await api.expect(`POST ${path}`, { body })).status.allowed;
}
