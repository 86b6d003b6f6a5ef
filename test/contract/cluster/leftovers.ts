import type { ClusterApi } from './cluster-api.ts';
import { runLabel } from './given-cluster.ts';
import type { Json } from './json.ts';
import { uncordon } from './nodes.ts';

const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

/** Puts back and removes whatever bears the mark of this run, and nothing else. */
export async function removeLeftovers(api: ClusterApi, run: string): Promise<void> {
  await releaseNodes(api, run);
  const marked = `?labelSelector=${runLabel}%3D${run}`;
  for (const collection of [definitions, '/api/v1/namespaces']) {
    const { items } = await api.expect(`GET ${collection}${marked}`);
    for (const { metadata } of items) await api.send(`DELETE ${collection}/${metadata.name}`);
  }
}

/** Uncordons every node that this run has cordoned, and no other. */
async function releaseNodes(api: ClusterApi, run: string): Promise<void> {
  const { items } = await api.expect('GET /api/v1/nodes');
  const ours = items.filter(({ metadata }: Json) => metadata.annotations?.[runLabel] === run);
  for (const { metadata } of ours) await uncordon(api, metadata.name);
}
