import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Manifest } from '../../../src/demo/cluster/model/objects.ts';
import {
  type SimulatedCluster,
  startSimulatedCluster,
} from '../../../src/demo/cluster/simulated-cluster.ts';
import { type Client, clientOf } from './client.ts';

let cluster: SimulatedCluster;
let call: Client;
const path = '/api/v1/namespaces/default/configmaps';

beforeEach(async () => {
  cluster = await startSimulatedCluster({ name: 'faults', region: 'test', seed: [] });
  call = clientOf(cluster);
});
afterEach(() => cluster.stop());

const create = () => call(`POST ${path}`, { metadata: { name: 'a' } });
const stored = () => cluster.world.get('ConfigMap', 'a', 'default');

describe('a fault', () => {
  it('answers for the API, with Retry-After where it says so', async () => {
    cluster.world.faults = [
      ({ method }) => (method === 'POST' ? { status: 429, retryAfter: 3 } : undefined),
    ];

    const answer = await create();
    const read = await call(`GET ${path}`);

    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '3']);
    expect(read.status).toBe(200);
    expect(stored()).toBeUndefined();
  });

  it('cuts the connection before the request has its effect', async () => {
    cluster.world.faults = [() => ({ reset: 'before' })];

    await expect(create()).rejects.toThrow();

    expect(stored()).toBeUndefined();
    expect(cluster.world.requests.map(({ status }) => status)).toEqual([0]);
  });

  it('cuts it after the effect, so that only the answer is lost', async () => {
    cluster.world.faults = [() => ({ reset: 'after' })];

    await expect(create()).rejects.toThrow();

    expect(stored()).toBeDefined();
    expect(cluster.world.requests.map(({ status }) => status)).toEqual([201]);
  });

  it('keeps a request waiting', async () => {
    cluster.world.faults = [({ method }) => (method === 'POST' ? { delayMs: 150 } : undefined)];
    const creating = create();

    const meanwhile = await call(`GET ${path}`);

    expect(meanwhile.body.items).toEqual([]);
    expect((await creating).status).toBe(201);
  });
});

function administrator(name: string): Manifest {
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name },
    subjects: [{ kind: 'User', name }],
    roleRef: { kind: 'ClusterRole', name: 'cluster-admin' },
  };
}

describe('the request log', () => {
  it('holds what was to be changed, by whom and with what answer, and no reads', async () => {
    cluster.world.apply(administrator('minji@example.com'));
    const headers = {
      authorization: `Bearer ${cluster.token}`,
      'content-type': 'application/json',
      'user-agent': 'handrail/1 (run 7)',
      'impersonate-user': 'minji@example.com',
    };
    const body = JSON.stringify({ metadata: { name: 'a' } });
    await fetch(`${cluster.url}${path}?dryRun=All`, { method: 'POST', headers, body });
    await call(`GET ${path}`);
    await call(`DELETE ${path}/none`);

    expect(cluster.world.requests).toEqual([
      {
        at: expect.any(Number),
        method: 'POST',
        path,
        status: 201,
        dryRun: true,
        userAgent: 'handrail/1 (run 7)',
        impersonate: 'minji@example.com',
        body: { metadata: { name: 'a' } },
      },
      expect.objectContaining({ method: 'DELETE', status: 404, dryRun: false }),
    ]);
  });
});

describe('the token', () => {
  it('of another cluster is not let in', async () => {
    const other = await startSimulatedCluster({ name: 'other', region: 'test', seed: [] });
    const headers = { authorization: `Bearer ${other.token}` };

    const { status } = await fetch(`${cluster.url}${path}`, { headers });

    await other.stop();
    expect(status).toBe(401);
  });
});
