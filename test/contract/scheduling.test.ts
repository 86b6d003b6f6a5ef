import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ClusterUnderTest } from './cluster/cluster-under-test.ts';
import { job, pod } from './cluster/manifests.ts';
import { cordon, uncordon, workerNodes } from './cluster/nodes.ts';
import { openCluster } from './cluster/open-cluster.ts';
import { conditionOf } from './cluster/pods.ts';
import { until } from './cluster/until.ts';

let cluster: ClusterUnderTest;
let node: string;

beforeAll(async () => {
  cluster = await openCluster();
  node = (await workerNodes(cluster.api))[0] ?? '';
});
afterEach(() => uncordon(cluster.api, node));
afterAll(() => cluster.close());

async function readNode() {
  return await cluster.api.expect(`GET /api/v1/nodes/${node}`);
}

function taintsOf({ spec }: { readonly spec: { readonly taints?: readonly object[] } }) {
  return spec.taints ?? [];
}

describe('a cordoned node', () => {
  it('has a taint that comes and goes with the cordon', async () => {
    await cordon(cluster, node);
    const tainted = await until(
      'the taint is there',
      readNode,
      (each) => taintsOf(each).length > 0,
    );
    await uncordon(cluster.api, node);

    const clean = await until('the taint is gone', readNode, (each) => taintsOf(each).length === 0);

    expect(taintsOf(tainted)).toMatchObject([
      { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' },
    ]);
    expect(clean.spec.unschedulable).toBeUndefined();
  });

  it('takes no pod that may run nowhere else: it waits, says why, and is started once the cordon is lifted', async () => {
    await cordon(cluster, node);
    await cluster.create('pods', pod(cluster, 'pinned', { node }));

    const waiting = await until(
      'the scheduler has said no',
      () => cluster.read('pods', 'pinned'),
      (each) => conditionOf(each, 'PodScheduled')?.status === 'False',
    );
    await uncordon(cluster.api, node);
    const started = await until(
      'the pod runs',
      () => cluster.read('pods', 'pinned'),
      (each) => each.status.phase === 'Running',
    );

    expect(waiting.status.phase).toBe('Pending');
    expect(conditionOf(waiting, 'PodScheduled')).toMatchObject({
      reason: 'Unschedulable',
      message: expect.stringMatching(/^0\/\d+ nodes are available: /),
    });
    expect(started.spec.nodeName).toBe(node);
  });

  it('takes a Job that tolerates its taint', async () => {
    await cordon(cluster, node);
    const toleration = {
      key: 'node.kubernetes.io/unschedulable',
      operator: 'Exists',
      effect: 'NoSchedule',
    };
    const spec = { tolerations: [toleration] };
    await cluster.create('jobs', job(cluster, 'tolerant', { behaviour: 'succeeds', node, spec }));

    const done = await until(
      'the Job is complete',
      () => cluster.read('jobs', 'tolerant'),
      (each) => conditionOf(each, 'Complete') !== undefined,
    );

    const [only] = await cluster.list('pods', 'labelSelector=job-name%3Dtolerant');
    expect(done.status.succeeded).toBe(1);
    expect(only.spec.nodeName).toBe(node);
  });
});

describe('a pod that asks for more than any node has', () => {
  it('stays pending, and an event says what is missing', async () => {
    const resources = { requests: { cpu: '9999' } };
    await cluster.create('pods', pod(cluster, 'greedy', { resources }));

    const [event] = await until(
      'the event is there',
      () =>
        cluster.list(
          'events',
          'fieldSelector=involvedObject.name%3Dgreedy,reason%3DFailedScheduling',
        ),
      (events) => events.length > 0,
    );

    expect(event.message).toContain('Insufficient cpu');
    expect((await cluster.read('pods', 'greedy')).status.phase).toBe('Pending');
  });
});
