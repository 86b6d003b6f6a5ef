import type { ClusterApi } from './cluster-api.ts';
import type { Json } from './json.ts';
import { ClusterSettingsError } from './load-kubeconfig.ts';
import { workerNodes } from './nodes.ts';

const consent = 'yes-this-one-may-be-changed';
/** Test clusters are small. */
const manyNodes = 10;
const production = /(^|[-_.])(prod|production|prd|live)($|[-_.\d])/i;

/**
 * Looks, and changes nothing.
 * @returns what cluster it is, in a line
 * @throws ClusterSettingsError where it may not be tested against, saying what to set
 */
export async function inspectCluster(
  api: ClusterApi,
  given: { readonly context: string; readonly consent: string },
): Promise<string> {
  const { gitVersion } = await reach(api);
  if (!(await mayDoEverything(api))) {
    throw new ClusterSettingsError(
      `context ${given.context}: the tests make roles, impersonate and cordon, so the kubeconfig's user has to be a cluster-admin; this one is not.`,
    );
  }
  const { items: nodes } = await api.expect('GET /api/v1/nodes');
  const { items: namespaces } = await api.expect('GET /api/v1/namespaces');
  const cluster = `context ${given.context}: Kubernetes ${gitVersion}, ${nodes.length} nodes, ${namespaces.length} namespaces`;
  const worry = worryOf(given.context, nodes, namespaces);
  if (worry !== undefined && given.consent !== consent) {
    throw new ClusterSettingsError(
      `${cluster}: ${worry}. Nothing was changed. If this cluster may be changed all the same, set HANDRAIL_TEST_CLUSTER=${consent}.`,
    );
  }
  if ((await workerNodes(api)).length === 0) {
    throw new ClusterSettingsError(
      `${cluster}: no node takes pods; at least one has to be ready, without taints, and outside of the control plane.`,
    );
  }
  return cluster;
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

/** Why it may be one that people depend on; undefined where nothing says so. */
function worryOf(
  context: string,
  nodes: readonly Json[],
  namespaces: readonly Json[],
): string | undefined {
  const words = [...nodes, ...namespaces].flatMap(({ metadata }) => [
    metadata.name,
    ...Object.values(metadata.labels ?? {}),
  ]);
  const telling = [context, ...words].find((each) => production.test(each));
  if (telling !== undefined) return `"${telling}" sounds like production`;
  if (nodes.length > manyNodes) return `more than ${manyNodes} nodes are no test cluster`;
  return undefined;
}

async function mayDoEverything(api: ClusterApi): Promise<boolean> {
  const spec = { resourceAttributes: { verb: '*', group: '*', resource: '*' } };
  const path = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
  const body = { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', spec };
  return (await api.expect(`POST ${path}`, { body })).status.allowed;
}
