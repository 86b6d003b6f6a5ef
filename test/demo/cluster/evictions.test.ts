import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Budget, Pod } from '../../../src/demo/cluster/model/schemas.ts';
import {
  type SimulatedCluster,
  startSimulatedCluster,
} from '../../../src/demo/cluster/simulated-cluster.ts';
import {
  budget,
  type Client,
  clientOf,
  merge,
  node,
  podsOf,
  readyPods,
  statusOf,
  until,
  workload,
} from './client.ts';

let cluster: SimulatedCluster;
let call: Client;

async function start(budgetDelayMs: number): Promise<void> {
  cluster = await startSimulatedCluster({
    name: 'evictions',
    region: 'test',
    seed: [node('n-1'), node('n-2')],
    timings: { secondMs: 10, budgetDelayMs },
  });
  call = clientOf(cluster);
}

beforeEach(() => start(10));
afterEach(() => cluster.stop());

function evict(pod: Pod, deleteOptions: Record<string, unknown> = {}) {
  const path = `/api/v1/namespaces/shop/pods/${pod.metadata.name}/eviction`;
  return call(`POST ${path}`, { deleteOptions });
}

function statusOfBudget(name: string): NonNullable<Budget['status']> | undefined {
  return (cluster.world.get('PodDisruptionBudget', name, 'shop') as Budget | undefined)?.status;
}

/** Three ready pods `web` under a budget that has counted them. */
async function webUnder(rule: Record<string, unknown>): Promise<Pod[]> {
  cluster.world.apply(workload('Deployment', 'web', { replicas: 3 }));
  cluster.world.apply(budget('web', rule));
  const pods = await readyPods(cluster, 'web', 3);
  await until(() => statusOfBudget('web')?.currentHealthy === 3);
  return pods;
}

/** Its readiness probe fails from now on. */
async function makeUnready(pod: Pod): Promise<void> {
  const { name } = pod.metadata;
  const patch = { metadata: { annotations: { 'simulation/ready': 'false' } } };
  await call(`PATCH /api/v1/namespaces/shop/pods/${name}`, patch, merge);
  await until(() => statusOf(cluster.world.get('Pod', name, 'shop'), 'Ready') === 'False');
  await until(() => statusOfBudget('web')?.currentHealthy === 2);
}

function take(pods: readonly Pod[], index: number): Pod {
  const pod = pods[index];
  if (pod === undefined) throw new Error(`there is no pod ${index}`);
  return pod;
}

describe('an eviction', () => {
  it('takes a disruption, and the budget has it back when the replacement is ready', async () => {
    const pods = await webUnder({ maxUnavailable: 1 });

    const first = await evict(take(pods, 0));
    const second = await evict(take(pods, 1));

    expect([first.status, second.status]).toEqual([201, 429]);
    await readyPods(cluster, 'web', 3);
    await until(() => statusOfBudget('web')?.disruptionsAllowed === 1);
    expect((await evict(take(pods, 1))).status).toBe(201);
  });

  it('as a dry run charges nothing and deletes nothing', async () => {
    const pods = await webUnder({ minAvailable: 2 });

    const answers = await Promise.all(pods.map((pod) => evict(pod, { dryRun: ['All'] })));

    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
    expect(statusOfBudget('web')?.disruptionsAllowed).toBe(1);
    expect(await readyPods(cluster, 'web', 3)).toEqual(pods);
  });

  it('with the UID of another pod has charged the budget, which gets it back after two minutes', async () => {
    const pods = await webUnder({ maxUnavailable: 1 });

    const wrong = await evict(take(pods, 0), { preconditions: { uid: 'of another' } });
    const next = await evict(take(pods, 1));

    expect([wrong.status, next.status]).toEqual([409, 429]);
    await until(() => statusOfBudget('web')?.disruptionsAllowed === 1);
    expect(statusOfBudget('web')?.disruptedPods).toBeUndefined();
    expect(await readyPods(cluster, 'web', 3)).toEqual(pods);
  });

  it('of a pod that does not run yet asks no budget', async () => {
    cluster.world.apply(
      workload('Deployment', 'web', { annotations: { 'simulation/start-factor': '1000' } }),
    );
    cluster.world.apply(budget('web', { maxUnavailable: 0 }));
    await until(() => podsOf(cluster, 'web').length === 1);

    expect((await evict(take(podsOf(cluster, 'web'), 0))).status).toBe(201);
  });

  it('of an unready pod is free where the policy allows it, and charges nothing', async () => {
    const pods = await webUnder({ maxUnavailable: 0, unhealthyPodEvictionPolicy: 'AlwaysAllow' });
    await makeUnready(take(pods, 0));

    const answers = [await evict(take(pods, 0)), await evict(take(pods, 1))];

    expect(answers.map(({ status }) => status)).toEqual([201, 429]);
  });

  it('of an unready pod is free where enough others are healthy', async () => {
    const pods = await webUnder({ minAvailable: 2 });
    await makeUnready(take(pods, 0));

    const answers = [await evict(take(pods, 1)), await evict(take(pods, 0))];

    expect(answers.map(({ status }) => status)).toEqual([429, 201]);
  });

  it('is told to come back while the budget is still being looked at', async () => {
    await cluster.stop();
    await start(1000);
    const pods = await webUnder({ maxUnavailable: 1 });
    const path = '/apis/policy/v1/namespaces/shop/poddisruptionbudgets/web';

    await call(`PATCH ${path}`, { spec: { maxUnavailable: 2 } }, merge);
    const answer = await evict(take(pods, 0));

    expect(answer.status).toBe(429);
    expect(answer.headers.get('retry-after')).toBe('10');
    expect(answer.body.details.causes).toEqual([
      {
        reason: 'DisruptionBudget',
        message: 'The disruption budget web is still being processed by the server.',
      },
    ]);
  });

  it('marks the pod as disrupted by the eviction, and bears its name or none', async () => {
    const pods = await webUnder({ maxUnavailable: 1 });
    const pod = take(pods, 0);
    const path = `/api/v1/namespaces/shop/pods/${pod.metadata.name}/eviction`;

    const other = await call(`POST ${path}`, { metadata: { name: 'other' } });
    const right = await call(`POST ${path}`, { metadata: { name: pod.metadata.name } });

    expect([other.status, right.status]).toEqual([400, 201]);
    expect(statusOf(cluster.world.get('Pod', pod.metadata.name, 'shop'), 'DisruptionTarget')).toBe(
      'True',
    );
  });
});

describe('a disruption budget', () => {
  it.each([
    [{ minAvailable: 2 }, 2, 1],
    [{ minAvailable: '50%' }, 2, 1],
    [{ maxUnavailable: '34%' }, 1, 2],
    [{ maxUnavailable: 5 }, 0, 3],
    [{ minAvailable: '100%' }, 3, 0],
  ])('of %j counts', async (rule, desiredHealthy, disruptionsAllowed) => {
    await webUnder(rule);

    expect(statusOfBudget('web')).toMatchObject({
      expectedPods: 3,
      currentHealthy: 3,
      desiredHealthy,
      disruptionsAllowed,
    });
  });

  it('over pods whose controller it cannot scale allows nothing, and says why', async () => {
    cluster.world.apply(workload('DaemonSet', 'agent'));
    cluster.world.apply(budget('agent', { maxUnavailable: 1 }));
    const pods = await readyPods(cluster, 'agent', 2);
    await until(() => statusOfBudget('agent')?.conditions?.[0]?.reason === 'SyncFailed');

    const { status, body } = await evict(take(pods, 0));

    expect(status).toBe(429);
    expect(body.details.causes[0].message).toContain('failed sync: found no controllers for pod');
  });

  it('with an empty selector holds for every pod of its namespace', async () => {
    cluster.world.apply(workload('Deployment', 'web', { replicas: 2 }));
    cluster.world.apply({
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: 'all', namespace: 'shop' },
      spec: { minAvailable: 2, selector: {} },
    });
    const pods = await readyPods(cluster, 'web', 2);
    await until(() => statusOfBudget('all')?.currentHealthy === 2);

    expect((await evict(take(pods, 0))).status).toBe(429);
  });
});
