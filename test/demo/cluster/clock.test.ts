import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MovableClock } from '../../../src/demo/cluster/simulated-clock.ts';
import {
  type SimulatedCluster,
  startSimulatedCluster,
} from '../../../src/demo/cluster/simulated-cluster.ts';
import { realTimings, type Timings } from '../../../src/demo/cluster/timings.ts';
import {
  budget,
  type Client,
  clientOf,
  look,
  node,
  podsOf,
  readyPods,
  statusOf,
  workload,
} from './client.ts';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
let clock: MovableClock;
let cluster: SimulatedCluster;
let call: Client;

async function start(timings: Timings): Promise<void> {
  clock = new MovableClock();
  const seed = [node('n-1'), node('n-2')];
  cluster = await startSimulatedCluster({ name: 'slow', region: 'test', seed, timings, clock });
  call = clientOf(cluster);
}

beforeEach(() => start(realTimings));
afterEach(() => cluster.stop());

/** Lets the node's kubelet renew its Lease, and kills it right after. */
async function killKubelet(name: string): Promise<void> {
  const renewTime = () => look(cluster.world.get('Lease', name, 'kube-node-lease')).spec.renewTime;
  const before = renewTime();
  while (renewTime() === before) await clock.advance(SECOND_MS);
  cluster.world.killKubelet(name);
}

function readyStatus(name: string): string | undefined {
  return statusOf(cluster.world.get('Node', name), 'Ready');
}

async function run(kind: 'Deployment' | 'StatefulSet', name: string, replicas: number) {
  cluster.world.apply(workload(kind, name, { replicas }));
  await clock.advance(MINUTE_MS);
  return readyPods(cluster, name, replicas);
}

function deletedAt(name: string): string | undefined {
  return cluster.world.get('Pod', name, 'shop')?.metadata.deletionTimestamp;
}

describe('a clock that tests move', () => {
  it('lets things happen in the order of their times, and what follows from them too', async () => {
    const began = clock.now();
    const happened: string[] = [];
    const note = (what: string) => happened.push(`${what} ${clock.now() - began}`);
    clock.after(20, () => note('late'));
    clock.after(10, () => {
      note('early');
      clock.after(5, () => note('follows'));
      clock.after(0, () => note('at once'));
    });
    const cancel = clock.after(12, () => note('taken back'));
    cancel();

    await clock.advance(19);
    expect(happened).toEqual(['early 10', 'at once 10', 'follows 15']);
    await clock.advance(1);

    expect(happened.at(-1)).toBe('late 20');
    expect(clock.now() - began).toBe(20);
  });

  it('stands still by itself', async () => {
    cluster.world.apply(workload('Deployment', 'web'));
    await call('GET /api/v1/nodes');

    expect(podsOf(cluster, 'web')).toEqual([]);
  });
});

describe('a kubelet that dies', () => {
  it.each([
    ['since v1.32', realTimings, 50],
    ['before v1.32', { ...realTimings, nodeGraceMs: 40 * SECOND_MS }, 40],
  ])(
    '%s: its node is Unknown when its grace period is over, and not before',
    async (_, timings, seconds) => {
      await cluster.stop();
      await start(timings);
      const pods = await run('Deployment', 'web', 2);
      const name = pods.find((each) => each.spec.nodeName === 'n-1')?.metadata.name ?? '';
      await killKubelet('n-1');

      await clock.advance((seconds - 1) * SECOND_MS);
      const before = readyStatus('n-1');
      await clock.advance(SECOND_MS);

      expect([before, readyStatus('n-1'), readyStatus('n-2')]).toEqual(['True', 'Unknown', 'True']);
      expect(statusOf(cluster.world.get('Pod', name, 'shop'), 'Ready')).toBe('False');
      expect(look(cluster.world.get('Node', 'n-1')).spec.taints).toMatchObject([
        { key: 'node.kubernetes.io/unreachable', effect: 'NoSchedule' },
        { key: 'node.kubernetes.io/unreachable', effect: 'NoExecute' },
      ]);
    },
  );

  it('loses its pods after 300 seconds more; a Deployment replaces them, and they stay Terminating', async () => {
    const pods = await run('Deployment', 'web', 2);
    const name = pods.find((each) => each.spec.nodeName === 'n-1')?.metadata.name ?? '';
    await killKubelet('n-1');
    await clock.advance(50 * SECOND_MS);

    await clock.advance(299 * SECOND_MS);
    const before = deletedAt(name);
    await clock.advance(SECOND_MS);
    const after = deletedAt(name);
    await clock.advance(60 * MINUTE_MS);

    expect(before).toBeUndefined();
    expect(after).toBeDefined();
    expect(deletedAt(name)).toBe(after);
    const running = await readyPods(cluster, 'web', 2);
    expect(running.map((each) => each.spec.nodeName)).toEqual(['n-2', 'n-2']);
  });

  it('keeps the name of a StatefulSet pod occupied, so that it is not replaced', async () => {
    const [pod] = await run('StatefulSet', 'db', 1);
    await killKubelet(pod?.spec.nodeName ?? '');

    await clock.advance(60 * MINUTE_MS);

    const [after] = podsOf(cluster, 'db');
    expect(after?.metadata.uid).toBe(pod?.metadata.uid);
    expect(after?.metadata.deletionTimestamp).toBeDefined();
  });
});

describe('an eviction that fails for its UID', () => {
  it('costs the budget a disruption for two minutes', async () => {
    cluster.world.apply(budget('web', { minAvailable: 1 }));
    const [pod] = await run('Deployment', 'web', 2);
    const name = pod?.metadata.name ?? '';
    const status = () => look(cluster.world.get('PodDisruptionBudget', 'web', 'shop')).status;

    const uid = '00000000-0000-4000-8000-000000000000';
    const eviction = { metadata: { name }, deleteOptions: { preconditions: { uid } } };
    await call(`POST /api/v1/namespaces/shop/pods/${name}/eviction`, eviction);
    await clock.advance(119 * SECOND_MS);
    const during = status();
    await clock.advance(2 * SECOND_MS);

    expect(Object.keys(during.disruptedPods)).toEqual([name]);
    expect(during.disruptionsAllowed).toBe(0);
    expect(status().disruptedPods).toBeUndefined();
    expect(status().disruptionsAllowed).toBe(1);
  });
});

describe('a continue token', () => {
  it('is good for five minutes', async () => {
    await run('Deployment', 'web', 2);
    const first = await call('GET /api/v1/pods?limit=1');
    const next = `GET /api/v1/pods?limit=1&continue=${first.body.metadata.continue}`;

    await clock.advance(5 * MINUTE_MS);
    const inTime = await call(next);
    await clock.advance(SECOND_MS);
    const late = await call(next);

    expect([inTime.status, late.status]).toEqual([200, 410]);
  });
});

describe('an event', () => {
  it('is gone when it has not happened again for an hour and others follow', async () => {
    await run('Deployment', 'web', 1);
    const about = () =>
      cluster.world.list('Event', 'shop').map((each) => look(each).involvedObject);
    const before = about().filter(({ kind }) => kind === 'Pod').length;

    await clock.advance(61 * MINUTE_MS);
    await run('Deployment', 'other', 1);

    expect(before).toBeGreaterThan(0);
    expect(about().filter(({ name }) => name.startsWith('web'))).toEqual([]);
  });
});
