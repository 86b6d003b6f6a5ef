import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isTerminating } from '../../../src/demo/cluster/model/objects.ts';
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
  statusOf,
  until,
  workload,
} from './client.ts';

const WEB = '/apis/apps/v1/namespaces/shop/deployments/web';
let cluster: SimulatedCluster;
let call: Client;

beforeEach(async () => {
  cluster = await startSimulatedCluster({
    name: 'rollouts',
    region: 'test',
    seed: [node('n-1'), node('n-2')],
    timings: { secondMs: 20 },
  });
  call = clientOf(cluster);
});
afterEach(() => cluster.stop());

function deployment() {
  return look(cluster.world.get('Deployment', 'web', 'shop'));
}

function readyNow(): number {
  const pods = podsOf(cluster, 'web').filter((pod) => !isTerminating(pod));
  return pods.filter((pod) => statusOf(pod, 'Ready') === 'True').length;
}

function progress() {
  const conditions: { type: string; status: string; reason: string; message: string }[] =
    deployment().status.conditions;
  return conditions.find(({ type }) => type === 'Progressing');
}

/** Returns the UID of its pod. */
async function begin(more: Record<string, unknown> = {}): Promise<string> {
  const { spec, ...rest } = workload('Deployment', 'web');
  cluster.world.apply({ ...rest, spec: { ...(spec as object), ...more } });
  const [pod] = await readyPods(cluster, 'web', 1);
  await until(() => progress()?.reason === 'NewReplicaSetAvailable');
  return pod?.metadata.uid ?? '';
}

/** As `kubectl rollout restart` does. */
async function restart(more: Record<string, string> = {}): Promise<void> {
  const annotations = { 'kubectl.kubernetes.io/restartedAt': '2026-11-25T02:00:00Z', ...more };
  await call(`PATCH ${WEB}`, { spec: { template: { metadata: { annotations } } } }, merge);
}

/** The fewest Ready pods until the pod of this UID is gone and another is Ready. */
async function fewestUntilReplaced(uid: string): Promise<number> {
  let fewest = 1;
  await until(() => {
    fewest = Math.min(fewest, readyNow());
    return !podsOf(cluster, 'web').some(({ metadata }) => metadata.uid === uid) && readyNow() === 1;
  });
  return fewest;
}

describe('a restart of a Deployment with one pod', () => {
  it('has the new pod Ready before the old one goes, by the default strategy', async () => {
    const uid = await begin();
    await restart();
    expect(await fewestUntilReplaced(uid)).toBe(1);
    await until(() => progress()?.reason === 'NewReplicaSetAvailable');
    expect(deployment().status).toMatchObject({
      observedGeneration: 2,
      replicas: 1,
      updatedReplicas: 1,
      availableReplicas: 1,
    });
  });

  it('has none Ready meanwhile with Recreate', async () => {
    const uid = await begin({ strategy: { type: 'Recreate' } });
    await restart();
    expect(await fewestUntilReplaced(uid)).toBe(0);
  });

  it('waits while it is paused, and goes on when it is resumed', async () => {
    const uid = await begin();
    await call(`PATCH ${WEB}`, { spec: { paused: true } }, merge);
    await restart();
    await until(() => deployment().status.observedGeneration === 3);
    expect(progress()).toMatchObject({ status: 'Unknown', reason: 'DeploymentPaused' });
    expect(deployment().status.updatedReplicas).toBeUndefined();
    expect(podsOf(cluster, 'web').map(({ metadata }) => metadata.uid)).toEqual([uid]);
    await call(`PATCH ${WEB}`, { spec: { paused: false } }, merge);
    expect(await fewestUntilReplaced(uid)).toBe(1);
  });

  it('is kept at its size while it is paused', async () => {
    await begin();
    await call(`PATCH ${WEB}`, { spec: { paused: true, replicas: 2 } }, merge);
    await readyPods(cluster, 'web', 2);
  });

  it('times out when it does not come any further, and the old pod stays', async () => {
    const uid = await begin({ progressDeadlineSeconds: 60 });
    await restart({ 'simulation/start-factor': '100000' });
    await until(() => progress()?.reason === 'ProgressDeadlineExceeded');
    expect(progress()).toMatchObject({
      status: 'False',
      message: expect.stringMatching(/^ReplicaSet "web-\w+" has timed out progressing\.$/),
    });
    expect(podsOf(cluster, 'web').map(({ metadata }) => metadata.uid)).toContain(uid);
    expect(readyNow()).toBe(1);
  });
});
