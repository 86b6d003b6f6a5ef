import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type SimulatedCluster,
  startSimulatedCluster,
} from '../../../src/demo/cluster/simulated-cluster.ts';
import { type Client, clientOf, jsonPatch, merge, node, strategic, workload } from './client.ts';

let cluster: SimulatedCluster;
let call: Client;
const deployment = '/apis/apps/v1/namespaces/shop/deployments/web';

beforeAll(async () => {
  cluster = await startSimulatedCluster({
    name: 'patches',
    region: 'test',
    // Nodes with nothing to give: the pods wait, and nothing changes but by the requests.
    seed: [node('n-1', { cpu: '0' })],
    timings: { controllerMs: 60_000, heartbeatMs: 60_000, nodeGraceMs: 600_000 },
  });
  call = clientOf(cluster);
});
beforeEach(() => {
  cluster.world.remove('Deployment', 'web', 'shop');
  cluster.world.apply(workload('Deployment', 'web'));
});
afterAll(() => cluster.stop());

describe('a strategic merge patch', () => {
  it('merges containers by name', async () => {
    const containers = [
      { name: 'main', image: 'registry.example/app:2' },
      { name: 'proxy', image: 'registry.example/proxy:1' },
    ];

    const { body } = await call(
      `PATCH ${deployment}`,
      { spec: { template: { spec: { containers } } } },
      strategic,
    );

    const after = body.spec.template.spec.containers;
    expect(after).toHaveLength(2);
    expect(after[0]).toMatchObject({
      image: 'registry.example/app:2',
      resources: { requests: { cpu: '100m' } },
    });
  });

  it('takes out an item that it marks for deletion', async () => {
    const containers = [
      { name: 'main', $patch: 'delete' },
      { name: 'other', image: 'registry.example/other:1' },
    ];

    const { body } = await call(
      `PATCH ${deployment}`,
      { spec: { template: { spec: { containers } } } },
      strategic,
    );

    const names = body.spec.template.spec.containers.map((each: { name: string }) => each.name);
    expect(names).toEqual(['other']);
  });

  it('replaces the taints of a node as a whole: they are an atomic list', async () => {
    const first = { key: 'a', effect: 'NoSchedule' };
    const second = { key: 'b', effect: 'NoSchedule' };
    await call('PATCH /api/v1/nodes/n-1', { spec: { taints: [first] } }, strategic);

    const { body } = await call(
      'PATCH /api/v1/nodes/n-1',
      { spec: { taints: [second] } },
      strategic,
    );

    expect(body.spec.taints).toEqual([second]);
  });

  it('is not for custom resources', async () => {
    cluster.world.apply({
      apiVersion: 'karpenter.sh/v1',
      kind: 'NodePool',
      metadata: { name: 'default' },
      spec: { replicas: 0, template: {} },
    });

    const { status, body } = await call(
      'PATCH /apis/karpenter.sh/v1/nodepools/default',
      { spec: {} },
      strategic,
    );

    expect([status, body.reason]).toEqual([415, 'UnsupportedMediaType']);
  });
});

describe('a merge patch', () => {
  it('takes a field out where it says null', async () => {
    await call(`PATCH ${deployment}`, { metadata: { labels: { team: 'a' } } }, merge);

    const { body } = await call(
      `PATCH ${deployment}`,
      { metadata: { labels: { team: null } } },
      merge,
    );

    expect(body.metadata.labels).toBeUndefined();
  });

  it('that changes nothing writes nothing: the resourceVersion stays', async () => {
    const first = await call(`PATCH ${deployment}`, { spec: { replicas: 3 } }, merge);

    const second = await call(`PATCH ${deployment}`, { spec: { replicas: 3 } }, merge);

    const { resourceVersion } = second.body.metadata;
    expect(resourceVersion).toBe(first.body.metadata.resourceVersion);
  });

  it('counts the generation up for the spec, not for metadata', async () => {
    const before = (await call(`GET ${deployment}`)).body.metadata.generation;

    const labelled = await call(`PATCH ${deployment}`, { metadata: { labels: { a: 'b' } } }, merge);
    const scaled = await call(`PATCH ${deployment}`, { spec: { replicas: 3 } }, merge);

    expect(labelled.body.metadata.generation).toBe(before);
    expect(scaled.body.metadata.generation).toBe(before + 1);
  });

  it('changes nothing on a dry run, and says what it would have changed', async () => {
    const answer = await call(`PATCH ${deployment}?dryRun=All`, { spec: { replicas: 9 } }, merge);

    const stored = await call(`GET ${deployment}`);
    expect(answer.body.spec.replicas).toBe(9);
    expect(stored.body.spec.replicas).toBe(1);
  });

  it('leaves the status alone unless it goes to the status', async () => {
    const patch = { status: { replicas: 7 } };

    const main = await call(`PATCH ${deployment}`, patch, merge);
    const status = await call(`PATCH ${deployment}/status`, patch, merge);

    expect(main.body.status?.replicas).not.toBe(7);
    expect(status.body.status.replicas).toBe(7);
  });

  it('may not change an immutable field', async () => {
    const { status, body } = await call(
      `PATCH ${deployment}`,
      { spec: { selector: { matchLabels: { app: 'other' } } } },
      merge,
    );

    expect([status, body.reason]).toEqual([422, 'Invalid']);
    expect(body.details.causes[0].field).toBe('spec.selector');
  });
});

describe('a JSON patch', () => {
  it('is applied when its test holds', async () => {
    const { status, body } = await call(
      `PATCH ${deployment}`,
      [
        { op: 'test', path: '/spec/replicas', value: 1 },
        { op: 'replace', path: '/spec/replicas', value: 2 },
      ],
      jsonPatch,
    );

    expect([status, body.spec.replicas]).toEqual([200, 2]);
  });

  it.each([
    ['its test fails', [{ op: 'test', path: '/spec/replicas', value: 5 }]],
    ['it takes out what is not there', [{ op: 'remove', path: '/spec/nothing' }]],
    ['an operation is unknown', [{ op: 'increase', path: '/spec/replicas' }]],
  ])('is refused whole when %s', async (_why, operations) => {
    const change = { op: 'replace', path: '/spec/replicas', value: 8 };

    const { status } = await call(`PATCH ${deployment}`, [change, ...operations], jsonPatch);

    const stored = await call(`GET ${deployment}`);
    expect(status).toBe(422);
    expect(stored.body.spec.replicas).toBe(1);
  });
});
