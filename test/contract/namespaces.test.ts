import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClusterUnderTest } from './cluster/cluster-under-test.ts';
import { workload } from './cluster/manifests.ts';
import { openCluster } from './cluster/open-cluster.ts';
import { evict, readyPods } from './cluster/pods.ts';
import { until } from './cluster/until.ts';

let cluster: ClusterUnderTest;

beforeAll(async () => {
  cluster = await openCluster();
});
afterAll(() => cluster.close());

describe('a namespace that is deleted', () => {
  it('takes nothing new while it goes, evictions included, and takes all that is in it along', async () => {
    const which = { kind: 'Deployment', name: 'web', replicas: 2 } as const;
    await cluster.create('deployments', workload(cluster, which));
    const [first] = await readyPods(cluster, 'web', 2);
    const path = `/api/v1/namespaces/${cluster.namespace}`;

    const deleted = await cluster.api.send(`DELETE ${path}`);
    const evicted = await evict(cluster, first.metadata.name);
    const created = await cluster.api.send(`POST ${cluster.path('configmaps')}`, {
      body: { metadata: { name: 'late' } },
    });
    await until(
      'the namespace is gone',
      () => cluster.api.send(`GET ${path}`),
      ({ status }) => status === 404,
    );

    expect([deleted.status, deleted.body.status]).toEqual([200, { phase: 'Terminating' }]);
    for (const refused of [evicted, created]) {
      expect([refused.status, refused.body.reason]).toEqual([403, 'Forbidden']);
      expect(refused.body.details.causes).toEqual([
        {
          reason: 'NamespaceTerminating',
          message: `namespace ${cluster.namespace} is being terminated`,
          field: 'metadata.namespace',
        },
      ]);
    }
    expect(await cluster.list('pods')).toEqual([]);
    const after = await cluster.api.send(`POST ${cluster.path('configmaps')}`, {
      body: { metadata: { name: 'too-late' } },
    });
    expect([after.status, after.body.message]).toEqual([
      404,
      `namespaces "${cluster.namespace}" not found`,
    ]);
  });
});
