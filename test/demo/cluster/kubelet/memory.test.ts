import { describe, expect, it } from 'vitest';
import {
  clientOf,
  look,
  node,
  podsOf,
  readyPods,
  statusOf,
  strategic,
  workload,
} from '../client.ts';
import { podWithImage, useSlowCluster } from './slow-cluster.ts';

const slow = useSlowCluster(() => [node('n-1')]);
const image = 'registry.example/app:1';
const resources = { requests: { memory: '64Mi' }, limits: { memory: '128Mi' } };

/** A pod that runs within its limit. */
async function run(name = 'web'): Promise<void> {
  slow.world.apply(podWithImage(name, image, { resources }));
  await slow.pass(30);
}

describe('a container that uses more memory than its limit', () => {
  it('is killed, and started again at once the first time', async () => {
    await run();
    slow.world.killForMemory('web', 'shop');
    const killed = slow.container('web');
    const ready = statusOf(slow.world.get('Pod', 'web', 'shop'), 'Ready');
    await slow.pass(10);

    const end = { reason: 'OOMKilled', exitCode: 137 };
    expect(killed).toMatchObject({ ready: false, restartCount: 0, state: { terminated: end } });
    expect(ready).toBe('False');
    expect(slow.container('web')).toMatchObject({
      ready: true,
      restartCount: 1,
      lastState: { terminated: { ...end, finishedAt: killed.state.terminated.finishedAt } },
    });
    expect(Object.keys(slow.container('web').state)).toEqual(['running']);
    expect(slow.pod('web').status.phase).toBe('Running');
  });

  it('is left alone longer and longer when it is killed again and again', async () => {
    await run();
    slow.world.setMemoryUse('web', 'shop', '300Mi');
    const waits = new Set<string>();
    for (let seconds = 0; seconds < 1800; seconds += 5) {
      await slow.pass(5);
      const message = slow.container('web').state.waiting?.message;
      if (message !== undefined) waits.add(message);
    }

    const { uid } = slow.pod('web').metadata;
    expect([...waits]).toEqual(
      ['10s', '20s', '40s', '1m20s', '2m40s', '5m0s'].map(
        (wait) => `back-off ${wait} restarting failed container=main pod=web_shop(${uid})`,
      ),
    );
    expect(slow.said('web')).toContain(
      `Warning BackOff: Back-off restarting failed container main in pod web_shop(${uid})`,
    );
    expect(slow.container('web').restartCount).toBeGreaterThanOrEqual(6);
  });

  it('says so while it waits: what it was killed for is its last state', async () => {
    await run();
    slow.world.setMemoryUse('web', 'shop', '300Mi');

    while (slow.container('web').state.waiting === undefined) await slow.pass(1);

    expect(slow.container('web')).toMatchObject({
      state: { waiting: { reason: 'CrashLoopBackOff' } },
      lastState: { terminated: { reason: 'OOMKilled', exitCode: 137 } },
      ready: false,
      started: false,
      restartCount: 1,
    });
    expect(slow.pod('web').status.phase).toBe('Running');
  });

  it('is well again when its limit is raised in place', async () => {
    await run();
    slow.world.setMemoryUse('web', 'shop', '300Mi');
    await slow.pass(120);
    const more = { requests: { memory: '64Mi' }, limits: { memory: '512Mi' } };
    const spec = { containers: [{ name: 'main', resources: more }] };
    const call = clientOf(slow.cluster);

    await call('PATCH /api/v1/namespaces/shop/pods/web/resize', { spec }, strategic);
    await slow.pass(300);
    const restarts = slow.container('web').restartCount;
    await slow.pass(600);

    expect(slow.container('web')).toMatchObject({ ready: true, restartCount: restarts });
  });

  it('has its back-off begin anew after ten good minutes', async () => {
    await run();
    slow.world.killForMemory('web', 'shop');
    await slow.pass(700);
    slow.world.killForMemory('web', 'shop');
    await slow.pass(5);

    expect(slow.container('web')).toMatchObject({ restartCount: 2 });
    expect(Object.keys(slow.container('web').state)).toEqual(['running']);
  });

  it('ends a pod that is never restarted', async () => {
    const { spec, ...rest } = podWithImage('web', image, { resources });
    slow.world.apply({ ...rest, spec: { ...(spec as object), restartPolicy: 'Never' } });
    await slow.pass(12);

    slow.world.killForMemory('web', 'shop');
    await slow.pass(1);

    expect(slow.pod('web').status.phase).toBe('Failed');
    expect(slow.container('web').state.terminated.reason).toBe('OOMKilled');
  });
});

describe('a node that is short of memory', () => {
  const nodeNow = () => look(slow.world.get('Node', 'n-1'));

  it('says so, is tainted, and evicts the pod furthest above its request', async () => {
    slow.world.apply(workload('Deployment', 'hog'));
    slow.world.apply(workload('Deployment', 'modest'));
    slow.world.apply(workload('Deployment', 'greedy'));
    await slow.pass(30);
    const nameOf = (app: string) => podsOf(slow.cluster, app)[0]?.metadata.name ?? '';
    const [hog, greedy] = [nameOf('hog'), nameOf('greedy')];
    slow.world.setMemoryUse(greedy, 'shop', '2Gi');
    slow.world.setMemoryUse(hog, 'shop', '6Gi');

    await slow.pass(5);

    expect(statusOf(slow.world.get('Node', 'n-1'), 'MemoryPressure')).toBe('True');
    expect(nodeNow().spec.taints).toMatchObject([
      { key: 'node.kubernetes.io/memory-pressure', effect: 'NoSchedule' },
    ]);
    const message =
      'The node was low on resource: memory. Threshold quantity: 100Mi, available: 0Ki. Container main was using 6291456Ki, request is 64Mi, has larger consumption of memory. ';
    expect(slow.pod(hog).status).toMatchObject({ phase: 'Failed', reason: 'Evicted', message });
    expect(slow.pod(hog).status.conditions).toContainEqual(
      expect.objectContaining({ type: 'DisruptionTarget', reason: 'TerminationByKubelet' }),
    );
    expect(slow.container(hog).state.terminated).toMatchObject({ exitCode: 137, reason: 'Error' });
    expect(slow.said(hog)).toContain(`Warning Evicted: ${message}`);
    expect(slow.said('n-1', 'default')).toEqual([
      'Normal NodeHasInsufficientMemory: Node n-1 status is now: NodeHasInsufficientMemory',
      'Warning EvictionThresholdMet: Attempting to reclaim memory',
    ]);
    expect(slow.pod(greedy).status.phase).toBe('Running');
  });

  it('goes on evicting until there is enough, and is well again five minutes later', async () => {
    slow.world.apply(workload('Deployment', 'web', { replicas: 3 }));
    await slow.pass(30);
    slow.world.setNodeMemoryUse('n-1', '9Gi');
    await slow.pass(60);
    const failed = podsOf(slow.cluster, 'web').filter(({ status }) => status?.phase === 'Failed');
    slow.world.setNodeMemoryUse('n-1');

    await slow.pass(4 * 60);
    const during = statusOf(slow.world.get('Node', 'n-1'), 'MemoryPressure');
    await slow.pass(2 * 60);

    expect(failed).toHaveLength(3);
    expect(during).toBe('True');
    expect(statusOf(slow.world.get('Node', 'n-1'), 'MemoryPressure')).toBe('False');
    expect(nodeNow().spec.taints).toBeUndefined();
    await readyPods(slow.cluster, 'web', 3);
  });
});
