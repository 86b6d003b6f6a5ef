import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClusterUnderTest } from './cluster/cluster-under-test.ts';
import type { Json } from './cluster/json.ts';
import { openCluster } from './cluster/open-cluster.ts';

let cluster: ClusterUnderTest;

beforeAll(async () => {
  cluster = await openCluster();
});
afterAll(() => cluster.close());

async function apply(name: string, data: object, query: string) {
  return await cluster.api.send(`PATCH ${cluster.path('configmaps', name)}?${query}`, {
    body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data },
    contentType: 'application/apply-patch+yaml',
  });
}

function ownersOf({ metadata }: Json): string[] {
  return metadata.managedFields.map(({ manager, operation }: Json) => `${manager} ${operation}`);
}

describe('server-side apply', () => {
  it('creates what is not there, and changes nothing when it is said again', async () => {
    const created = await apply('made', { a: '1' }, 'fieldManager=one');
    const again = await apply('made', { a: '1' }, 'fieldManager=one');

    expect([created.status, again.status]).toEqual([201, 200]);
    expect(again.body.metadata.resourceVersion).toBe(created.body.metadata.resourceVersion);
    expect(ownersOf(created.body)).toEqual(['one Apply']);
  });

  it('takes away what a manager no longer says, and leaves what others own', async () => {
    await apply('shared', { a: '1', b: '2' }, 'fieldManager=one');
    await apply('shared', { c: '3' }, 'fieldManager=two');

    const { body } = await apply('shared', { a: '1' }, 'fieldManager=one');

    expect(body.data).toEqual({ a: '1', c: '3' });
  });

  it('is refused where another manager owns another value, which force takes over', async () => {
    await apply('disputed', { a: '1' }, 'fieldManager=one');

    const refused = await apply('disputed', { a: '2' }, 'fieldManager=two');
    const agreed = await apply('disputed', { a: '1' }, 'fieldManager=two');
    const forced = await apply('disputed', { a: '3' }, 'fieldManager=two&force=true');

    expect([refused.status, refused.body.reason]).toEqual([409, 'Conflict']);
    expect(refused.body.details.causes).toEqual([
      { reason: 'FieldManagerConflict', message: 'conflict with "one"', field: '.data.a' },
    ]);
    expect(ownersOf(agreed.body).sort()).toEqual(['one Apply', 'two Apply']);
    expect(forced.body.data).toEqual({ a: '3' });
    expect(ownersOf(forced.body)).toEqual(['two Apply']);
  });

  it('owns against those who write plainly, too', async () => {
    await cluster.create('configmaps', { metadata: { name: 'plain' }, data: { a: '1' } });

    const refused = await apply('plain', { a: '2' }, 'fieldManager=one');

    expect(refused.status).toBe(409);
    expect(refused.body.message).toMatch(
      /^Apply failed with 1 conflict: conflict with "[^"]+" using v1/,
    );
  });

  it('as a dry run shows what would be, and owns nothing', async () => {
    await apply('dry', { a: '1' }, 'fieldManager=one');

    const tried = await apply('dry', { a: '2' }, 'fieldManager=two&force=true&dryRun=All');

    const stored = await cluster.read('configmaps', 'dry');
    expect(tried.body.data).toEqual({ a: '2' });
    expect(stored.data).toEqual({ a: '1' });
    expect(ownersOf(stored)).toEqual(['one Apply']);
  });

  it('needs a manager', async () => {
    const answer = await apply('anonymous', { a: '1' }, '');

    expect(answer.status).toBe(422);
    expect(answer.body.message).toContain(
      'fieldManager: Required value: is required for apply patch',
    );
    expect(await cluster.find('configmaps', 'anonymous')).toBeUndefined();
  });
});
