import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type SimulatedCluster,
  startSimulatedCluster,
} from '../../../src/demo/cluster/simulated-cluster.ts';
import {
  type Client,
  clientOf,
  look,
  merge,
  node,
  podsOf,
  readyPods,
  until,
  workload,
} from './client.ts';

let cluster: SimulatedCluster;
let call: Client;

beforeAll(async () => {
  cluster = await startSimulatedCluster({ name: 'deletions', region: 'test', seed: [node('n-1')] });
  call = clientOf(cluster);
});
afterAll(() => cluster.stop());

function configMap(name: string, more: Record<string, unknown> = {}) {
  const metadata = { name, namespace: 'shop', ...more };
  return cluster.world.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata });
}
const path = '/api/v1/namespaces/shop/configmaps';

describe('a deletion', () => {
  it('answers with a Status, and refuses another UID', async () => {
    const { metadata } = configMap('a');

    const wrong = await call(`DELETE ${path}/a`, { preconditions: { uid: 'other' } });
    const right = await call(`DELETE ${path}/a`, { preconditions: { uid: metadata.uid } });

    expect(wrong.status).toBe(409);
    expect(wrong.body.message).toContain('Precondition failed: UID in precondition: other');
    expect(right.body).toMatchObject({
      status: 'Success',
      details: { name: 'a', kind: 'configmaps' },
    });
  });

  it('as a dry run deletes nothing', async () => {
    configMap('dry');

    const { status } = await call(`DELETE ${path}/dry?dryRun=All`);

    expect(status).toBe(200);
    expect(cluster.world.get('ConfigMap', 'dry', 'shop')).toBeDefined();
  });

  it('waits for the finalizers', async () => {
    configMap('held', { finalizers: ['example.com/hold'] });

    const { body } = await call(`DELETE ${path}/held`);
    const held = cluster.world.get('ConfigMap', 'held', 'shop');
    await call(`PATCH ${path}/held`, { metadata: { finalizers: null } }, merge);

    expect(body.metadata.deletionTimestamp).toBeDefined();
    expect(held).toBeDefined();
    expect(cluster.world.get('ConfigMap', 'held', 'shop')).toBeUndefined();
  });

  it('in the foreground takes the dependents first, and as an orphan leaves them', async () => {
    cluster.world.apply(workload('Deployment', 'fore'));
    cluster.world.apply(workload('Deployment', 'orphan'));
    await readyPods(cluster, 'fore', 1);
    await readyPods(cluster, 'orphan', 1);
    const deployments = '/apis/apps/v1/namespaces/shop/deployments';

    const fore = await call(`DELETE ${deployments}/fore`, { propagationPolicy: 'Foreground' });
    await call(`DELETE ${deployments}/orphan`, { propagationPolicy: 'Orphan' });
    await until(() => cluster.world.get('Deployment', 'fore', 'shop') === undefined);
    await until(() => cluster.world.get('Deployment', 'orphan', 'shop') === undefined);

    expect(fore.body.metadata.finalizers).toEqual(['foregroundDeletion']);
    await until(() => podsOf(cluster, 'fore').length === 0);
    const [set] = cluster.world.list('ReplicaSet', 'shop');
    expect(look(set).metadata.ownerReferences).toEqual([]);
    expect(podsOf(cluster, 'orphan')).toHaveLength(1);
  });

  it('of a collection takes what is selected', async () => {
    configMap('x-1', { labels: { group: 'x' } });
    configMap('x-2', { labels: { group: 'x' } });
    configMap('y', { labels: { group: 'y' } });

    const { body } = await call(`DELETE ${path}?labelSelector=group%3Dx`);

    expect(body.items).toHaveLength(2);
    const left = cluster.world.list('ConfigMap', 'shop').map((each) => each.metadata.name);
    expect(left).toContain('y');
    expect(left).not.toContain('x-1');
  });

  it('of a namespace takes everything in it', async () => {
    cluster.world.apply({
      ...workload('Deployment', 'web'),
      metadata: { name: 'web', namespace: 'doomed' },
    });
    await until(() => cluster.world.list('Pod', 'doomed').length === 1);

    await call('DELETE /api/v1/namespaces/doomed');

    await until(() => cluster.world.get('Namespace', 'doomed') === undefined);
    expect(cluster.world.list('Pod', 'doomed')).toEqual([]);
  });
});
