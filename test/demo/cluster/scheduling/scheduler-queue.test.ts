import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Manifest } from '../../../../src/demo/cluster/model/objects.ts';
import { MovableClock } from '../../../../src/demo/cluster/simulated-clock.ts';
import {
  type SimulatedCluster,
  startSimulatedCluster,
} from '../../../../src/demo/cluster/simulated-cluster.ts';
import {
  type Client,
  clientOf,
  jsonPatch,
  look,
  merge,
  node,
  statusOf,
  strategic,
} from '../client.ts';
import { requesting, somePod } from './placing.ts';

const second = 100;
const pods = '/api/v1/namespaces/shop/pods';
let clock: MovableClock;
let cluster: SimulatedCluster;
let call: Client;

const shop: Manifest = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } };

beforeEach(async () => {
  clock = new MovableClock();
  const timings = { secondMs: second, schedulerMs: 1 };
  const seed = [shop, node('n-1', { cpu: '1' })];
  cluster = await startSimulatedCluster({ name: 'queue', region: 'test', seed, timings, clock });
  call = clientOf(cluster);
  await clock.advance(10);
});
afterEach(() => cluster.stop());

function named(name: string, spec: object, labels = {}): Manifest {
  return { ...somePod({ spec }), metadata: { name, namespace: 'shop', labels } };
}

function nodeOf(name: string): string | undefined {
  return look(cluster.world.get('Pod', name, 'shop')).spec.nodeName;
}

/** How often the scheduler has said of the pod that it finds no node. */
function refusals(name: string): number {
  const events = look(cluster.world.list('Event', 'shop')) as Record<string, never>[];
  const about = events.filter(
    ({ reason, involvedObject }) =>
      reason === 'FailedScheduling' && look(involvedObject)['name'] === name,
  );
  let total = 0;
  for (const { count } of about) total += Number(count);
  return total;
}

const whole = requesting({ cpu: '1' });

describe('a pod without a node', () => {
  it('is Pending, and says so in a condition and an event', async () => {
    cluster.world.apply(named('big', requesting({ cpu: '2' })));
    await clock.advance(10);
    const { status } = look(cluster.world.get('Pod', 'big', 'shop'));
    const message =
      '0/1 nodes are available: 1 Insufficient cpu. preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.';
    const condition = { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message };
    expect(status).toMatchObject({ phase: 'Pending', conditions: [condition] });
    expect(look(cluster.world.list('Event', 'shop'))).toMatchObject([
      {
        type: 'Warning',
        reason: 'FailedScheduling',
        message,
        source: { component: 'default-scheduler' },
        involvedObject: { kind: 'Pod', name: 'big' },
      },
    ]);
  });

  it('gets one when a node comes, after its back-off', async () => {
    cluster.world.apply(named('big', requesting({ cpu: '2' })));
    await clock.advance(10);
    cluster.world.apply(node('n-2'));
    await clock.advance(second / 2);
    const early = nodeOf('big');
    await clock.advance(second);
    expect([early, nodeOf('big')]).toEqual([undefined, 'n-2']);
  });

  it.each([
    ['ends', () => cluster.world.remove('Pod', 'first', 'shop')],
    [
      'is made smaller',
      () => call(`PATCH ${pods}/first/resize`, { spec: requesting({ cpu: '500m' }) }, strategic),
    ],
  ])('gets one when another pod %s', async (_, act) => {
    cluster.world.apply(named('first', whole));
    await clock.advance(10);
    cluster.world.apply(named('second', requesting({ cpu: '500m' })));
    await clock.advance(10);
    await act();
    await clock.advance(2 * second);
    expect(nodeOf('second')).toBe('n-1');
  });

  it('gets one when it says that it tolerates the taint', async () => {
    const taints = [{ key: 'gpu', effect: 'NoSchedule' }];
    cluster.world.apply({ ...node('n-1'), spec: { taints } });
    cluster.world.apply(named('tolerant', requesting({})));
    await clock.advance(10);
    const add = {
      op: 'add',
      path: '/spec/tolerations/-',
      value: { key: 'gpu', operator: 'Exists' },
    };
    await call(`PATCH ${pods}/tolerant`, [add], jsonPatch);
    await clock.advance(10);
    expect(nodeOf('tolerant')).toBe('n-1');
  });

  it('is not tried for what cannot help it', async () => {
    cluster.world.apply(named('lonely', { nodeSelector: { disk: 'ssd' } }));
    cluster.world.apply(named('first', requesting({})));
    await clock.advance(10 * second);
    cluster.world.remove('Pod', 'first', 'shop');
    cluster.world.apply(named('other', requesting({})));
    await clock.advance(10 * second);
    expect(refusals('lonely')).toBe(1);
  });

  it('is tried less and less often while things change without help, and once in a while without', async () => {
    cluster.world.apply(named('big', requesting({ cpu: '2' })));
    await clock.advance(10);
    for (let change = 0; change < 600; change += 1) {
      cluster.world.apply({ ...node('n-1', { cpu: '1' }), spec: { providerID: `id-${change}` } });
      await clock.advance(second / 10);
    }
    // Within 60 s: at 0, 1, 3, 7, 15, and then each 10 s.
    const busy = refusals('big');
    await clock.advance(300 * second);
    expect(busy).toBeGreaterThanOrEqual(8);
    expect(busy).toBeLessThanOrEqual(10);
    expect(refusals('big')).toBe(busy + 1);
  });
});

describe('priority', () => {
  const priorityClass = (name: string, value: number, more: object = {}): Manifest => ({
    apiVersion: 'scheduling.k8s.io/v1',
    kind: 'PriorityClass',
    metadata: { name },
    value,
    ...more,
  });

  async function create(name: string, priorityClassName?: string) {
    return call(
      `POST ${pods}`,
      named(name, { ...whole, ...(priorityClassName && { priorityClassName }) }),
    );
  }

  it('decides who of those that wait is first', async () => {
    cluster.world.apply(priorityClass('high', 1000));
    cluster.world.apply(priorityClass('low', -10));
    for (const name of ['low', undefined, 'high', 'system-node-critical']) {
      await create(`is-${name}`, name);
    }
    await clock.advance(10);
    const first = ['low', 'undefined', 'high', 'system-node-critical'].map((name) =>
      nodeOf(`is-${name}`),
    );
    cluster.world.remove('Pod', 'is-system-node-critical', 'shop');
    await clock.advance(2 * second);
    expect(first).toEqual([undefined, undefined, undefined, 'n-1']);
    expect(nodeOf('is-high')).toBe('n-1');
  });

  it.each([
    ['of its class', { priorityClassName: 'high' }, { priority: 1000 }],
    ['of the default class', {}, { priority: 5, priorityClassName: 'usual' }],
    [
      'of the system',
      { priorityClassName: 'system-cluster-critical' },
      { priority: 2_000_000_000 },
    ],
    [
      'and its preemption',
      { priorityClassName: 'meek' },
      { priority: 1, preemptionPolicy: 'Never' },
    ],
  ])('%s is written on the pod', async (_, spec, expected) => {
    cluster.world.apply(priorityClass('high', 1000));
    cluster.world.apply(priorityClass('usual', 5, { globalDefault: true }));
    cluster.world.apply(priorityClass('meek', 1, { preemptionPolicy: 'Never' }));
    const { body } = await call(`POST ${pods}`, named('pod', { ...whole, ...spec }));
    expect(body.spec).toMatchObject(expected);
  });

  it('of a class that is not there is refused', async () => {
    const { status, body } = await create('pod', 'none');
    expect(status).toBe(403);
    expect(body.message).toBe('pods "pod" is forbidden: no PriorityClass with name none was found');
  });
});

describe('a pod behind a gate', () => {
  const gated = named('gated', { ...whole, schedulingGates: [{ name: 'example.com/quota' }] });

  it('says so from the beginning, and is placed once the gate is gone', async () => {
    const { body } = await call(`POST ${pods}`, gated);
    await clock.advance(400 * second);
    const before = look(cluster.world.get('Pod', 'gated', 'shop'));
    await call(`PATCH ${pods}/gated`, { spec: { schedulingGates: null } }, merge);
    await clock.advance(10);
    expect(body.status.conditions).toMatchObject([
      {
        type: 'PodScheduled',
        status: 'False',
        reason: 'SchedulingGated',
        message: 'Scheduling is blocked due to non-empty scheduling gates',
      },
    ]);
    expect(before.status).toEqual(body.status);
    expect(refusals('gated')).toBe(0);
    expect(nodeOf('gated')).toBe('n-1');
    expect(statusOf(cluster.world.get('Pod', 'gated', 'shop'), 'PodScheduled')).toBe('True');
  });

  it('gets no further gates', async () => {
    await call(`POST ${pods}`, gated);
    const add = { op: 'add', path: '/spec/schedulingGates/-', value: { name: 'late' } };
    const { status, body } = await call(`PATCH ${pods}/gated`, [add], jsonPatch);
    expect(status).toBe(422);
    expect(body.message).toContain(
      "spec.schedulingGates[1].name: Forbidden: only deletion is allowed, but found new scheduling gate 'late'",
    );
  });
});

it('leaves pods of another scheduler to that', async () => {
  cluster.world.apply(named('foreign', { ...whole, schedulerName: 'mine' }));
  await clock.advance(400 * second);
  const { spec, status } = look(cluster.world.get('Pod', 'foreign', 'shop'));
  expect(spec.nodeName).toBeUndefined();
  expect(status.conditions).toBeUndefined();
});
