import type { ClusterApi } from './cluster-api.ts';
import { runLabel } from './given-cluster.ts';
import type { Json } from './json.ts';

/** Names of nodes that take any pod: ready, without taints, not cordoned, no part of the control plane. */
export async function workerNodes(api: ClusterApi): Promise<string[]> {
  const { items } = await api.expect('GET /api/v1/nodes');
  return items.filter(takesPods).map((node: Json) => node.metadata.name);
}

function takesPods(node: Json): boolean {
  const ready = node.status.conditions?.find(({ type }: Json) => type === 'Ready');
  const taints: Json[] = node.spec.taints ?? [];
  return (
    ready?.status === 'True' &&
    node.spec.unschedulable !== true &&
    taints.every(({ effect }) => effect === 'PreferNoSchedule') &&
    node.metadata.labels?.['node-role.kubernetes.io/control-plane'] === undefined
  );
}

interface Run {
  readonly api: ClusterApi;
  readonly run: string;
}

/** Notes on a node that this run may cordon it, so that it is put back whatever happens. */
export async function mark({ api, run }: Run, node: string): Promise<void> {
  await patchNode(api, node, { metadata: { annotations: { [runLabel]: run } } });
}

export async function cordon(cluster: Run, node: string): Promise<void> {
  await mark(cluster, node);
  await patchNode(cluster.api, node, { spec: { unschedulable: true } });
}

export async function uncordon(api: ClusterApi, node: string): Promise<void> {
  // The second annotation comes with a recorded exchange.
  const metadata = { annotations: { [runLabel]: null, 'example.com/cordoned-by': null } };
  await patchNode(api, node, { metadata, spec: { unschedulable: null } });
}

async function patchNode(api: ClusterApi, node: string, body: object): Promise<void> {
  const contentType = 'application/merge-patch+json';
  await api.expect(`PATCH /api/v1/nodes/${node}`, { body, contentType });
}
