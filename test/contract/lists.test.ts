import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClusterUnderTest } from './cluster/cluster-under-test.ts';
import type { Json } from './cluster/json.ts';
import { openCluster } from './cluster/open-cluster.ts';

let cluster: ClusterUnderTest;

beforeAll(async () => {
  cluster = await openCluster();
  await cluster.create('configmaps', configMap('other'));
  for (const name of ['a', 'b', 'c', 'd', 'e']) {
    await cluster.create('configmaps', configMap(`page-${name}`, { paged: 'yes' }));
  }
});
afterAll(() => cluster.close());

function configMap(name: string, labels: Record<string, string> = {}) {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, labels } };
}

async function page(query: string): Promise<Json> {
  return await cluster.api.expect(`GET ${cluster.path('configmaps')}?${query}`);
}

function namesOf({ items }: Json): string[] {
  return items.map(({ metadata }: Json) => metadata.name);
}

const paged = 'labelSelector=paged%3Dyes';

describe('a list', () => {
  it('in pages is of one moment, whatever comes and goes between them', async () => {
    const first = await page(`${paged}&limit=2`);
    await cluster.create('configmaps', configMap('page-bb', { paged: 'yes' }));
    await cluster.remove('configmaps', 'page-d');
    const second = await page(`${paged}&limit=2&continue=${first.metadata.continue}`);
    const third = await page(`${paged}&limit=2&continue=${second.metadata.continue}`);

    expect([first, second, third].map(namesOf)).toEqual([
      ['page-a', 'page-b'],
      ['page-c', 'page-d'],
      ['page-e'],
    ]);
    expect(third.metadata.continue).toBeUndefined();
    expect([second, third].map(({ metadata }) => metadata.resourceVersion)).toEqual([
      first.metadata.resourceVersion,
      first.metadata.resourceVersion,
    ]);
  });

  it('says how many are left, but not where a selector leaves some out', async () => {
    const all = namesOf(await page(''));

    const plain = await page('limit=1');
    const selected = await page(`${paged}&limit=1`);

    expect(plain.metadata.remainingItemCount).toBe(all.length - 1);
    expect(selected.metadata.continue).toEqual(expect.any(String));
    expect(selected.metadata.remainingItemCount).toBeUndefined();
  });

  it('from resourceVersion 0 is served too', async () => {
    const any = await page(`${paged}&resourceVersion=0`);

    expect(any.kind).toBe('ConfigMapList');
    expect(namesOf(any)).toContain('page-a');
  });

  it.each([
    ['paged=yes,!absent', true],
    ['paged in (yes,no)', true],
    ['paged', true],
    ['paged notin (yes)', false],
    ['paged!=yes', false],
    ['!paged', false],
  ])('is chosen by the label selector %s', async (selector, isPaged) => {
    const names = namesOf(await page(`labelSelector=${encodeURIComponent(selector)}`));

    expect([names.includes('page-a'), names.includes('other')]).toEqual([isPaged, !isPaged]);
  });

  it('of a kind in no namespace that exists is empty, and of a kind that does not exist is no list', async () => {
    const nowhere = await cluster.api.send('GET /api/v1/namespaces/no-such-namespace/pods');
    const nothing = await cluster.api.send(`GET /api/v1/namespaces/${cluster.namespace}/gizmos`);

    expect([nowhere.status, nowhere.body.items]).toEqual([200, []]);
    expect([nothing.status, nothing.body]).toEqual([404, '404 page not found\n']);
  });

  it('of a moment that has not come is refused, and says to come back', async () => {
    const path = `GET ${cluster.path('configmaps')}?resourceVersion=9000000000000000`;

    const answer = await cluster.api.send(path);

    expect([answer.status, answer.body.reason]).toEqual([504, 'Timeout']);
    expect(answer.body.details.causes).toEqual([
      { reason: 'ResourceVersionTooLarge', message: 'Too large resource version' },
    ]);
    expect(answer.headers['retry-after']).toBe('1');
  });
});
