import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClusterUnderTest } from './cluster/cluster-under-test.ts';
import { openCluster } from './cluster/open-cluster.ts';

let cluster: ClusterUnderTest;

beforeAll(async () => {
  cluster = await openCluster();
});
afterAll(() => cluster.close());

async function takeLease(name: string, holderIdentity: string) {
  return await cluster.api.send(`POST ${cluster.path('leases')}`, {
    body: {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name },
      spec: {
        holderIdentity,
        leaseDurationSeconds: 60,
        acquireTime: '2026-01-02T03:04:05.000006Z',
      },
    },
  });
}

describe('a Lease', () => {
  it('is taken by one only', async () => {
    const taken = await Promise.all([takeLease('only', 'one'), takeLease('only', 'two')]);

    expect(taken.map(({ status }) => status).sort()).toEqual([201, 409]);
    expect(taken.find(({ status }) => status === 409)?.body.reason).toBe('AlreadyExists');
  });

  it('keeps times to the microsecond', async () => {
    await takeLease('exact', 'one');

    const { spec } = await cluster.read('leases', 'exact');

    expect(spec.acquireTime).toBe('2026-01-02T03:04:05.000006Z');
  });

  it('is replaced by who has seen it as it is, and by nobody else', async () => {
    const { body: lease } = await takeLease('seen', 'one');
    const path = cluster.path('leases', 'seen');
    const renewed = { ...lease, spec: { ...lease.spec, holderIdentity: 'two' } };

    const first = await cluster.api.send(`PUT ${path}`, { body: renewed });
    const late = await cluster.api.send(`PUT ${path}`, { body: renewed });
    const { resourceVersion: _, ...metadata } = lease.metadata;
    const blind = await cluster.api.send(`PUT ${path}`, { body: { ...renewed, metadata } });

    expect([first.status, late.status, blind.status]).toEqual([200, 409, 422]);
    expect(late.body.message).toBe(
      'Operation cannot be fulfilled on leases.coordination.k8s.io "seen": the object has been modified; please apply your changes to the latest version and try again',
    );
    expect(blind.body.message).toContain(
      'metadata.resourceVersion: Invalid value: 0x0: must be specified for an update',
    );
  });

  it('is given back only by its holder, where the deletion names a revision', async () => {
    const { body: lease } = await takeLease('given', 'one');
    await cluster.merge('leases', 'given', { spec: { holderIdentity: 'two' } });
    const { uid, resourceVersion } = lease.metadata;

    const late = await cluster.remove('leases', 'given', {
      body: { preconditions: { uid, resourceVersion } },
    });
    const { metadata } = await cluster.read('leases', 'given');
    const last = await cluster.remove('leases', 'given', {
      body: { preconditions: { uid, resourceVersion: metadata.resourceVersion } },
    });

    expect([late.status, late.body.reason, last.status]).toEqual([409, 'Conflict', 200]);
    expect(last.body).toMatchObject({ kind: 'Status', status: 'Success', details: { uid } });
  });
});
