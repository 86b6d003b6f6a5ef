import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Node } from '../../../src/demo/cluster/model/schemas.ts';
import {
  type SimulatedCluster,
  startSimulatedCluster,
} from '../../../src/demo/cluster/simulated-cluster.ts';
import {
  budget,
  type Client,
  clientOf,
  look,
  merge,
  node,
  pod,
  podSpec,
  podsOf,
  readyPods,
  statusOf,
  until,
  workload,
} from './client.ts';

let cluster: SimulatedCluster;
let call: Client;

beforeEach(async () => {
  cluster = await startSimulatedCluster({
    name: 'kubelets',
    region: 'test',
    seed: [node('n-1'), node('n-2')],
    timings: { heartbeatMs: 40, nodeGraceMs: 200 },
  });
  call = clientOf(cluster);
});
afterEach(() => cluster.stop());

function taintsOf(name: string): string[] {
  const taints = (cluster.world.get('Node', name) as Node).spec?.taints ?? [];
  return taints.map(({ key, effect }) => `${key}:${effect}`);
}

async function untilReady(name: string, status: string): Promise<void> {
  await until(() => statusOf(cluster.world.get('Node', name), 'Ready') === status);
}

describe('a kubelet that dies', () => {
  it('turns its node unknown and tainted, and its pods unready', async () => {
    cluster.world.apply(workload('Deployment', 'web', { replicas: 2 }));
    await readyPods(cluster, 'web', 2);

    cluster.world.killKubelet('n-1');
    await untilReady('n-1', 'Unknown');
    await until(() => taintsOf('n-1').length === 2);

    const onDead = podsOf(cluster, 'web').filter((each) => each.spec.nodeName === 'n-1');
    expect(onDead.map((each) => statusOf(each, 'Ready'))).toEqual(['False']);
    expect(taintsOf('n-1')).toEqual([
      'node.kubernetes.io/unreachable:NoSchedule',
      'node.kubernetes.io/unreachable:NoExecute',
    ]);
    expect(statusOf(cluster.world.get('Node', 'n-2'), 'Ready')).toBe('True');
  });

  it('leaves deleted pods terminating until it is back', async () => {
    cluster.world.apply(workload('Deployment', 'web', { replicas: 2 }));
    const pods = await readyPods(cluster, 'web', 2);
    const name = pods.find((each) => each.spec.nodeName === 'n-1')?.metadata.name ?? '';
    cluster.world.killKubelet('n-1');
    await untilReady('n-1', 'Unknown');

    await call(`DELETE /api/v1/namespaces/shop/pods/${name}`);
    await readyPods(cluster, 'web', 2);
    const stuck = cluster.world.get('Pod', name, 'shop');
    cluster.world.reviveKubelet('n-1');
    await until(() => cluster.world.get('Pod', name, 'shop') === undefined);

    expect(stuck?.metadata.deletionTimestamp).toBeDefined();
    await untilReady('n-1', 'True');
    await until(() => taintsOf('n-1').length === 0);
  });

  it('loses its pods after the time that they tolerate, whatever their budget says', async () => {
    await cluster.stop();
    cluster = await startSimulatedCluster({
      name: 'kubelets',
      region: 'test',
      seed: [node('n-1'), node('n-2')],
      timings: { heartbeatMs: 40, nodeGraceMs: 200, secondMs: 1 },
    });
    cluster.world.apply(workload('Deployment', 'web', { replicas: 2 }));
    cluster.world.apply(workload('DaemonSet', 'agent'));
    cluster.world.apply(budget('web', { maxUnavailable: 0 }));
    const pods = await readyPods(cluster, 'web', 2);
    await readyPods(cluster, 'agent', 2);
    const name = pods.find((each) => each.spec.nodeName === 'n-1')?.metadata.name ?? '';

    cluster.world.killKubelet('n-1');
    const going = () => look(cluster.world.get('Pod', name, 'shop'));
    await until(() => going().metadata.deletionTimestamp !== undefined);

    const agents = podsOf(cluster, 'agent').map((each) => each.metadata.deletionTimestamp);
    expect(statusOf(going(), 'DisruptionTarget')).toBe('True');
    expect(agents).toEqual([undefined, undefined]);
  });

  it('has its pods cleared away when the node is declared out of service', async () => {
    cluster.world.apply(workload('StatefulSet', 'db', { replicas: 1 }));
    const [pod] = await readyPods(cluster, 'db', 1);
    const home = pod?.spec.nodeName ?? '';
    cluster.world.killKubelet(home);
    await untilReady(home, 'Unknown');
    await call('DELETE /api/v1/namespaces/shop/pods/db-0');

    const taint = { key: 'node.kubernetes.io/out-of-service', effect: 'NoExecute' };
    const taints = [...((cluster.world.get('Node', home) as Node).spec?.taints ?? []), taint];
    await call(`PATCH /api/v1/nodes/${home}`, { spec: { taints } }, merge);

    const [again] = await readyPods(cluster, 'db', 1);
    expect(again?.metadata.uid).not.toBe(pod?.metadata.uid);
    expect(again?.spec.nodeName).not.toBe(home);
  });
});

describe('a busy process', () => {
  it('is not taken for dead kubelets', async () => {
    const renewals = () =>
      Number(cluster.world.get('Lease', 'n-1', 'kube-node-lease')?.metadata.resourceVersion);
    await until(() => renewals() > 0);

    const end = Date.now() + 500;
    while (Date.now() < end) Math.sqrt(end);
    const before = renewals();
    await until(() => renewals() > before + 10);

    const reasons = cluster.world.list('Event', 'default').map((event) => event['reason']);
    expect(reasons).not.toContain('NodeNotReady');
    expect(statusOf(cluster.world.get('Node', 'n-1'), 'Ready')).toBe('True');
  });
});

describe('a node that says it is not ready', () => {
  const notReady = {
    type: 'Ready',
    status: 'False',
    reason: 'KubeletNotReady',
    message: 'PLEG is not healthy',
  };

  it('is tainted, keeps its pods ready, and is well again when the condition is cleared', async () => {
    cluster.world.apply(workload('Deployment', 'web', { replicas: 2 }));
    const pods = await readyPods(cluster, 'web', 2);

    cluster.world.setNodeCondition('n-1', notReady);
    await until(() => taintsOf('n-1').includes('node.kubernetes.io/not-ready:NoExecute'));
    const during = await readyPods(cluster, 'web', 2);
    cluster.world.clearNodeCondition('n-1', 'Ready');
    await untilReady('n-1', 'True');
    await until(() => taintsOf('n-1').length === 0);

    expect(during.map((each) => each.metadata.uid)).toEqual(pods.map((each) => each.metadata.uid));
  });

  it('keeps a condition that others have set', async () => {
    const deadlock = { type: 'KernelDeadlock', status: 'True', reason: 'Hung', message: 'hung' };
    cluster.world.setNodeCondition('n-1', deadlock);
    await until(() => statusOf(cluster.world.get('Node', 'n-1'), 'KernelDeadlock') === 'True');

    cluster.world.clearNodeCondition('n-1', 'KernelDeadlock');

    expect(statusOf(cluster.world.get('Node', 'n-1'), 'KernelDeadlock')).toBeUndefined();
  });
});

describe('a pod that is deleted', () => {
  it('stops within its grace period, or at once without one', async () => {
    const annotations = { 'simulation/stop-factor': '1000' };
    cluster.world.apply(workload('Deployment', 'slow', { replicas: 2, annotations }));
    const [first, second] = await readyPods(cluster, 'slow', 2);
    const path = (name: string | undefined) => `/api/v1/namespaces/shop/pods/${name}`;

    await call(`DELETE ${path(first?.metadata.name)}`, { gracePeriodSeconds: 0 });
    const gone = await call(`GET ${path(first?.metadata.name)}`);
    await call(`DELETE ${path(second?.metadata.name)}`, { gracePeriodSeconds: 2 });
    const going = await call(`GET ${path(second?.metadata.name)}`);

    expect(gone.status).toBe(404);
    expect(going.body.metadata.deletionGracePeriodSeconds).toBe(2);
    await until(() => cluster.world.get('Pod', second?.metadata.name ?? '', 'shop') === undefined);
  });
});

describe('the mirror of a static pod', () => {
  it('comes back when it is deleted: its kubelet runs it from a file', async () => {
    const mirrored = { 'kubernetes.io/config.mirror': 'a1' };
    const { metadata, ...rest } = pod('proxy-n-1', podSpec({ nodeName: 'n-1' }), { app: 'proxy' });
    cluster.world.apply({ ...rest, metadata: { ...metadata, annotations: mirrored } });
    const [before] = await readyPods(cluster, 'proxy', 1);

    await call('DELETE /api/v1/namespaces/shop/pods/proxy-n-1');
    await until(
      () => cluster.world.get('Pod', 'proxy-n-1', 'shop')?.metadata.uid !== before?.metadata.uid,
    );

    const [after] = await readyPods(cluster, 'proxy', 1);
    expect(after?.metadata.name).toBe('proxy-n-1');
  });
});
