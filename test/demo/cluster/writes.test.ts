import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type SimulatedCluster,
  startSimulatedCluster,
} from '../../../src/demo/cluster/simulated-cluster.ts';
import { budget, type Client, clientOf, merge, node, podSpec, workload } from './client.ts';

let cluster: SimulatedCluster;
let call: Client;
const deployment = '/apis/apps/v1/namespaces/shop/deployments/web';

beforeAll(async () => {
  cluster = await startSimulatedCluster({
    name: 'writes',
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

describe('a PUT', () => {
  it('with an old resourceVersion is a conflict', async () => {
    const read = (await call(`GET ${deployment}`)).body;
    await call(`PATCH ${deployment}`, { spec: { replicas: 2 } }, merge);

    const { status, body } = await call(`PUT ${deployment}`, read);

    expect([status, body.reason]).toEqual([409, 'Conflict']);
  });

  it('without a resourceVersion is refused where the kind demands one', async () => {
    cluster.world.apply(budget('web', { minAvailable: 1 }));
    const path = '/apis/policy/v1/namespaces/shop/poddisruptionbudgets/web';

    const { status, body } = await call(`PUT ${path}`, budget('web', { minAvailable: 2 }));

    expect(status).toBe(422);
    expect(body.details.causes[0].field).toBe('metadata.resourceVersion');
  });

  it('to the scale changes the replicas alone', async () => {
    const scale = (await call(`GET ${deployment}/scale`)).body;

    const answer = await call(`PUT ${deployment}/scale`, { ...scale, spec: { replicas: 4 } });

    const stored = (await call(`GET ${deployment}`)).body;
    expect(answer.body).toMatchObject({ kind: 'Scale', spec: { replicas: 4 } });
    expect(stored.spec.replicas).toBe(4);
  });
});

describe('a POST', () => {
  it('of an object without a field that its kind needs names the field', async () => {
    const bad = workload('Deployment', 'bad', { spec: podSpec({ containers: [] }) });

    const { status, body } = await call('POST /apis/apps/v1/namespaces/shop/deployments', bad);

    expect(status).toBe(422);
    expect(body.details.causes[0].field).toBe('spec.template.spec.containers');
  });

  it('to a namespace that does not exist is 404, and of another kind 400', async () => {
    const missing = await call('POST /api/v1/namespaces/none/configmaps', {
      metadata: { name: 'a' },
    });
    const other = await call(
      'POST /api/v1/namespaces/shop/configmaps',
      workload('Deployment', 'x'),
    );

    expect([missing.status, missing.body.message]).toEqual([404, 'namespaces "none" not found']);
    expect(other.status).toBe(400);
  });
});

describe('a custom object', () => {
  const path = '/apis/autoscaling.k8s.io/v1/namespaces/shop/verticalpodautoscalers';
  const metadata = { name: 'web' };
  const targetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' };

  it('is served only where its definition exists', async () => {
    cluster.world.remove('CustomResourceDefinition', 'verticalpodautoscalers.autoscaling.k8s.io');

    const { status } = await call(`POST ${path}`, { metadata, spec: { targetRef } });

    expect(status).toBe(404);
  });

  it('is checked against its schema, its status too', async () => {
    cluster.world.apply({
      apiVersion: 'autoscaling.k8s.io/v1',
      kind: 'VerticalPodAutoscaler',
      metadata: { name: 'web', namespace: 'shop' },
      spec: { targetRef },
    });
    const recommendation = { containerRecommendations: [{ containerName: 'main' }] };

    const missing = await call(`POST ${path}`, { metadata: { name: 'bare' } });
    const status = await call(`PATCH ${path}/web/status`, { status: { recommendation } }, merge);

    expect([missing.status, status.status]).toEqual([422, 422]);
    expect(missing.body.message).toContain('spec: Required value');
    expect(status.body.details.causes[0]).toEqual({
      reason: 'FieldValueRequired',
      message: 'Required value',
      field: 'status.recommendation.containerRecommendations[0].target',
    });
  });
});
