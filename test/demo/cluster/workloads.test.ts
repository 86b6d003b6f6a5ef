import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Pod } from '../../../src/demo/cluster/model/schemas.ts';
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
  podSpec,
  podsOf,
  readyPods,
  statusOf,
  strategic,
  until,
  workload,
} from './client.ts';

let cluster: SimulatedCluster;
let call: Client;

beforeEach(async () => {
  cluster = await startSimulatedCluster({
    name: 'workloads',
    region: 'test',
    seed: [node('n-1'), node('n-2'), node('n-3')],
  });
  call = clientOf(cluster);
});
afterEach(() => cluster.stop());

function placesOf(pods: readonly Pod[]): (string | undefined)[] {
  return pods.map((each) => each.spec.nodeName).sort();
}

describe('a Deployment', () => {
  it('spreads its pods over the nodes and replaces one that is deleted', async () => {
    cluster.world.apply(workload('Deployment', 'web', { replicas: 3 }));
    const before = await readyPods(cluster, 'web', 3);

    await call(`DELETE /api/v1/namespaces/shop/pods/${before[0]?.metadata.name}`);
    await until(
      () => cluster.world.get('Pod', before[0]?.metadata.name ?? '', 'shop') === undefined,
    );
    const after = await readyPods(cluster, 'web', 3);

    expect(placesOf(before)).toEqual(['n-1', 'n-2', 'n-3']);
    expect(
      after.filter((each) => before.some((old) => old.metadata.uid === each.metadata.uid)),
    ).toHaveLength(2);
  });

  it('rolls to a new template without falling below what may be unavailable', async () => {
    cluster.world.apply(workload('Deployment', 'web', { replicas: 4 }));
    await readyPods(cluster, 'web', 4);
    const containers = [{ name: 'main', image: 'registry.example/app:2' }];
    let fewest = 4;

    await call(
      'PATCH /apis/apps/v1/namespaces/shop/deployments/web',
      { spec: { template: { spec: { containers } } } },
      strategic,
    );
    await until(() => {
      const pods = podsOf(cluster, 'web');
      const ready = pods.filter((each) => statusOf(each, 'Ready') === 'True');
      fewest = Math.min(fewest, ready.length);
      const updated = ready.filter((each) => each.spec.containers[0]?.image.endsWith(':2'));
      return updated.length === 4 && pods.length === 4;
    });

    expect(fewest).toBeGreaterThanOrEqual(3);
    await until(
      () => look(cluster.world.get('Deployment', 'web', 'shop')).status.updatedReplicas === 4,
    );
  });

  it('goes with its ReplicaSets and pods when it is deleted', async () => {
    cluster.world.apply(workload('Deployment', 'web', { replicas: 2 }));
    await readyPods(cluster, 'web', 2);

    await call('DELETE /apis/apps/v1/namespaces/shop/deployments/web');

    await until(() => podsOf(cluster, 'web').length === 0);
    expect(cluster.world.list('ReplicaSet', 'shop')).toEqual([]);
  });
});

describe('a StatefulSet', () => {
  it('starts its pods in order, and gives a replacement the same name once the old pod is gone', async () => {
    cluster.world.apply(workload('StatefulSet', 'db', { replicas: 3 }));
    const before = await readyPods(cluster, 'db', 3);
    const started = before.map((each) => Number(each.metadata.resourceVersion));
    const uid = before[1]?.metadata.uid;

    await call('DELETE /api/v1/namespaces/shop/pods/db-1');
    const seen = new Set<string>();
    await until(() => {
      const now = cluster.world.get('Pod', 'db-1', 'shop');
      if (now !== undefined) seen.add(now.metadata.uid);
      return now !== undefined && now.metadata.uid !== uid && statusOf(now, 'Ready') === 'True';
    });

    expect(before.map((each) => each.metadata.name)).toEqual(['db-0', 'db-1', 'db-2']);
    expect(started).toEqual([...started].sort((a, b) => a - b));
    expect(seen.size).toBe(2);
  });
});

describe('a DaemonSet', () => {
  it('has a pod on each node, cordoned or new', async () => {
    await call('PATCH /api/v1/nodes/n-2', { spec: { unschedulable: true } }, merge);
    cluster.world.apply(workload('DaemonSet', 'agent'));
    const first = await readyPods(cluster, 'agent', 3);

    cluster.world.apply(node('n-4'));
    const then = await readyPods(cluster, 'agent', 4);

    expect(placesOf(first)).toEqual(['n-1', 'n-2', 'n-3']);
    expect(placesOf(then)).toEqual(['n-1', 'n-2', 'n-3', 'n-4']);
  });
});

describe('a Job', () => {
  const job = (annotations: Record<string, string>) => ({
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'once', namespace: 'shop' },
    spec: {
      backoffLimit: 1,
      template: {
        metadata: { labels: { app: 'once' }, annotations },
        spec: podSpec({ restartPolicy: 'Never' }),
      },
    },
  });

  it('is complete when its pod has succeeded', async () => {
    await call('POST /apis/batch/v1/namespaces/shop/jobs', job({}));
    cluster.world.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
    const { status } = await call('POST /apis/batch/v1/namespaces/shop/jobs', job({}));

    await until(() => statusOf(cluster.world.get('Job', 'once', 'shop'), 'Complete') === 'True');

    expect(status).toBe(201);
    expect(podsOf(cluster, 'once').map((each) => each.status?.phase)).toEqual(['Succeeded']);
  });

  it('has failed when its pods fail beyond the limit', async () => {
    cluster.world.apply(job({ 'simulation/exit-code': '1' }));

    await until(() => statusOf(cluster.world.get('Job', 'once', 'shop'), 'Failed') === 'True');

    expect(podsOf(cluster, 'once').map((each) => each.status?.phase)).toEqual(['Failed', 'Failed']);
  });
});

describe('a Service', () => {
  it('has the ready pods in its EndpointSlice, with their nodes, and a going pod as not ready', async () => {
    cluster.world.apply({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web', namespace: 'shop' },
      spec: { selector: { app: 'web' }, ports: [{ port: 80 }] },
    });
    cluster.world.apply(
      workload('Deployment', 'web', {
        replicas: 2,
        annotations: { 'simulation/stop-factor': '50' },
      }),
    );
    const pods = await readyPods(cluster, 'web', 2);
    const endpoints = () => {
      const [slice] = cluster.world.list('EndpointSlice', 'shop');
      return look(slice)['endpoints'] ?? [];
    };
    const ready = () => endpoints().filter((each: Endpoint) => each.conditions.ready);
    await until(() => ready().length === 2);
    const places = ready().map((each: Endpoint) => each.nodeName);

    await call(`DELETE /api/v1/namespaces/shop/pods/${pods[0]?.metadata.name}`);
    await until(() => endpoints().some((each: Endpoint) => each.conditions.terminating));
    const going = endpoints().find((each: Endpoint) => each.conditions.terminating);

    expect(places.sort()).toEqual(placesOf(pods));
    expect(going).toMatchObject({
      conditions: { ready: false, serving: true },
      targetRef: { name: pods[0]?.metadata.name },
    });
  });
});

interface Endpoint {
  readonly nodeName: string;
  readonly conditions: { readonly ready: boolean; readonly terminating: boolean };
}
