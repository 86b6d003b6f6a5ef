import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Budget, Pod } from '../../../src/demo/cluster/model/schemas.ts';
import { koreaSeed } from '../../../src/demo/cluster/seeds.ts';
import {
  type SimulatedCluster,
  startSimulatedCluster,
} from '../../../src/demo/cluster/simulated-cluster.ts';
import { clientOf, look, statusOf, until } from './client.ts';

let cluster: SimulatedCluster;

beforeAll(async () => {
  const seed = koreaSeed();
  cluster = await startSimulatedCluster({ name: 'kr', region: 'ap-northeast-2', seed });
});
afterAll(() => cluster.stop());

function pods(): Pod[] {
  return cluster.world.list('Pod') as Pod[];
}

function onUnstable(): Pod[] {
  return pods().filter((pod) => pod.spec.nodeName === 'kr-b-2');
}

function budget(): Budget['status'] {
  return (cluster.world.get('PodDisruptionBudget', 'api', 'payments') as Budget).status;
}

describe('the cluster kr', () => {
  it('begins with fourteen pods on the node that flaps, and the same ones each time', async () => {
    const other = await startSimulatedCluster({ name: 'kr', region: 'other', seed: koreaSeed() });
    const names = (each: SimulatedCluster) =>
      each.world.list('Pod').map((pod) => `${pod.metadata.namespace}/${pod.metadata.name}`);
    const here = names(cluster);
    const there = names(other);
    await other.stop();

    expect(onUnstable().map((pod) => pod.metadata.namespace)).toEqual([
      ...['console', 'console', 'data', 'data', 'incidents', 'incidents'],
      ...['ingest', 'ingest', 'ingest', 'kube-system', 'kube-system', 'kube-system'],
      ...['payments', 'payments'],
    ]);
    expect(here).toEqual(there);
  });

  it('lets two of them wait for their budget until a third replica is ready', async () => {
    await until(() => budget()?.expectedPods === 3);
    const before = budget();
    await until(() => budget()?.currentHealthy === 3);
    const after = budget();

    const waiting = onUnstable().filter((pod) => pod.metadata.namespace === 'payments');
    expect(waiting).toHaveLength(2);
    expect(before).toMatchObject({ currentHealthy: 2, desiredHealthy: 2, disruptionsAllowed: 0 });
    expect(after).toMatchObject({ currentHealthy: 3, desiredHealthy: 2, disruptionsAllowed: 1 });
  });

  it('stays as it is while nobody does anything', async () => {
    const uids = () => pods().map((pod) => pod.metadata.uid);
    const before = uids();
    await until(() => budget()?.currentHealthy === 3);
    const machines = cluster.world
      .list('Machine', 'capi-system')
      .map((each) => look(each).status.phase);

    expect(uids()).toEqual(before);
    expect(machines).toEqual(Array(6).fill('Running'));
    expect(pods().filter((pod) => pod.status?.phase === 'Pending')).toEqual([]);
  });

  it('has the service tiles ready, and says in events and conditions what is wrong', async () => {
    const tiles = ['ingest', 'incidents', 'console'];
    const ready = (namespace: string) => {
      const [slice] = cluster.world.list('EndpointSlice', namespace);
      const endpoints: { conditions: { ready: boolean } }[] = look(slice)['endpoints'] ?? [];
      return endpoints.filter((each) => each.conditions.ready).length;
    };
    await until(() => tiles.every((tile) => ready(tile) >= 3));
    const { body } = await clientOf(cluster)(
      'GET /api/v1/events?fieldSelector=involvedObject.name%3Dkr-b-2,involvedObject.kind%3DNode',
    );

    const reasons = body.items.map((each: { reason: string }) => each.reason);
    const node = cluster.world.get('Node', 'kr-b-2');
    expect(reasons).toEqual(
      expect.arrayContaining(['NodeNotReady', 'NodeReady', 'KubeletNotReady']),
    );
    expect([statusOf(node, 'Ready'), statusOf(node, 'KernelDeadlock')]).toEqual(['True', 'True']);
  });

  it('labels every workload with its service, team, region and release', () => {
    const workloads = ['Deployment', 'StatefulSet', 'DaemonSet'].flatMap((kind) =>
      cluster.world.list(kind),
    );

    for (const workload of workloads) {
      const labels = Object.keys(workload.metadata.labels ?? {});
      expect(labels).toEqual(expect.arrayContaining(['svc', 'team', 'region', 'release_id']));
    }
  });
});
