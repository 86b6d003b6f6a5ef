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
  pod,
  podSpec,
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
    name: 'scheduler',
    region: 'test',
    seed: [node('n-1'), node('n-2'), node('n-3')],
  });
  call = clientOf(cluster);
});
afterEach(() => cluster.stop());

function placesOf(pods: readonly Pod[]): (string | undefined)[] {
  return pods.map((each) => each.spec.nodeName).sort();
}

describe('the scheduler', () => {
  it('leaves a pod pending that fits nowhere, says why, and places it when there is room', async () => {
    const resources = { requests: { cpu: '6' } };
    const containers = [{ name: 'main', image: 'registry.example/big:1', resources }];
    cluster.world.apply(pod('big', podSpec({ containers })));
    await until(
      () => statusOf(cluster.world.get('Pod', 'big', 'shop'), 'PodScheduled') === 'False',
    );
    const waiting = look(cluster.world.get('Pod', 'big', 'shop')).status;

    cluster.world.apply(node('n-9', { cpu: '8' }));
    await until(() => look(cluster.world.get('Pod', 'big', 'shop')).spec.nodeName === 'n-9');

    expect(waiting.phase).toBe('Pending');
    expect(waiting.conditions[0]).toMatchObject({ reason: 'Unschedulable' });
    expect(waiting.conditions[0].message).toContain('0/3 nodes are available: 3 Insufficient cpu');
  });

  it('heeds a cordon before its taint is there', async () => {
    await cluster.stop();
    cluster = await startSimulatedCluster({
      name: 'scheduler',
      region: 'test',
      seed: [node('n-1'), node('n-2')],
      timings: { controllerMs: 60_000 },
    });
    const cordoned = cluster.world.apply({ ...node('n-1'), spec: { unschedulable: true } });

    cluster.world.apply(pod('small'));
    await until(() => look(cluster.world.get('Pod', 'small', 'shop')).spec.nodeName !== undefined);

    expect(look(cluster.world.get('Pod', 'small', 'shop')).spec.nodeName).toBe('n-2');
    expect(look(cordoned).spec.taints).toBeUndefined();
  });

  it('heeds cordons, taints, selectors and affinity', async () => {
    await call('PATCH /api/v1/nodes/n-1', { spec: { unschedulable: true } }, merge);
    const taints = [{ key: 'gpu', value: 'yes', effect: 'NoSchedule' }];
    await call('PATCH /api/v1/nodes/n-2', { spec: { taints } }, strategic);
    const tolerations = [{ key: 'gpu', operator: 'Equal', value: 'yes', effect: 'NoSchedule' }];
    const nodeSelector = { 'kubernetes.io/hostname': 'n-2' };

    cluster.world.apply(workload('Deployment', 'plain', { replicas: 2 }));
    const spec = podSpec({ tolerations, nodeSelector });
    cluster.world.apply(workload('Deployment', 'gpu', { spec }));

    expect(placesOf(await readyPods(cluster, 'plain', 2))).toEqual(['n-3', 'n-3']);
    expect(placesOf(await readyPods(cluster, 'gpu', 1))).toEqual(['n-2']);
  });
});
