import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClusterUnderTest } from './cluster/cluster-under-test.ts';
import { pod } from './cluster/manifests.ts';
import { openCluster } from './cluster/open-cluster.ts';
import { isReady } from './cluster/pods.ts';
import { until } from './cluster/until.ts';

let cluster: ClusterUnderTest;
let reason: string | undefined;

beforeAll(async () => {
  cluster = await openCluster();
  const { minor } = await cluster.api.expect('GET /version');
  if (Number.parseInt(minor, 10) < 33) reason = 'pods are resized in place from 1.33 on';
});
afterAll(() => cluster.close());

async function running(name: string): Promise<void> {
  await cluster.create('pods', pod(cluster, name));
  await until(`${name} is ready`, () => cluster.read('pods', name), isReady);
}

async function resize(name: string, resources: object) {
  return await cluster.api.send(`PATCH ${cluster.path('pods', name, 'resize')}`, {
    body: { spec: { containers: [{ name: 'main', resources }] } },
    contentType: 'application/strategic-merge-patch+json',
  });
}

describe('a resize', () => {
  it('is carried out in place: the container goes on with more', async ({ skip }) => {
    skip(reason !== undefined, reason);
    await running('growing');
    const before = (await cluster.read('pods', 'growing')).status.containerStatuses[0];

    const answer = await resize('growing', { requests: { cpu: '20m' } });
    const { metadata, status } = await until(
      'the container has what was asked for',
      () => cluster.read('pods', 'growing'),
      (each) => each.status.containerStatuses[0].resources?.requests?.cpu === '20m',
    );

    expect(answer.status).toBe(200);
    expect(answer.body.spec.containers[0].resources.requests).toEqual({
      cpu: '20m',
      memory: '16Mi',
    });
    expect(metadata.uid).toBe(answer.body.metadata.uid);
    expect(status.containerStatuses[0]).toMatchObject({
      restartCount: 0,
      containerID: before.containerID,
    });
  });

  it('may not change the class of service', async ({ skip }) => {
    skip(reason !== undefined, reason);
    await running('classed');

    const answer = await resize('classed', {
      requests: { memory: '32Mi' },
      limits: { cpu: '10m' },
    });

    expect(answer.status).toBe(422);
    expect(answer.body.message).toContain('Pod QOS Class may not change as a result of resizing');
  });

  it('is not made by a patch of the pod itself', async ({ skip }) => {
    skip(reason !== undefined, reason);
    await running('direct');

    const answer = await cluster.api.send(`PATCH ${cluster.path('pods', 'direct')}`, {
      body: { spec: { containers: [{ name: 'main', resources: { requests: { cpu: '30m' } } }] } },
      contentType: 'application/strategic-merge-patch+json',
    });

    expect([answer.status, answer.body.reason]).toEqual([422, 'Invalid']);
    expect(answer.body.message).toContain('pod updates may not change fields other than');
  });
});
