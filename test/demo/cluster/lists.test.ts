import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type SimulatedCluster,
  startSimulatedCluster,
} from '../../../src/demo/cluster/simulated-cluster.ts';
import { type Client, clientOf, merge, pod, podSpec } from './client.ts';

let cluster: SimulatedCluster;
let call: Client;
const pods = '/api/v1/namespaces/shop/pods';

beforeAll(async () => {
  const labels = [
    { app: 'web', tier: 'front' },
    { app: 'api', tier: 'back' },
    { app: 'db', tier: 'back' },
    { tier: 'none' },
  ];
  cluster = await startSimulatedCluster({
    name: 'lists',
    region: 'test',
    seed: labels.map((each, index) => pod(`p-${index}`, podSpec(), each)),
    timings: { schedulerMs: 60_000, continueMs: 200, bookmarkMs: 20 },
  });
  call = clientOf(cluster);
});
afterAll(() => cluster.stop());

async function namesOf(query: string): Promise<string[]> {
  const { body } = await call(`GET ${pods}?${query}`);
  return body.items.map((each: { metadata: { name: string } }) => each.metadata.name);
}

describe('a label selector', () => {
  it.each([
    ['app=web', ['p-0']],
    ['app==web', ['p-0']],
    ['app!=web', ['p-1', 'p-2', 'p-3']],
    ['app in (web, db)', ['p-0', 'p-2']],
    ['app notin (web,db),tier', ['p-1', 'p-3']],
    ['app,tier=back', ['p-1', 'p-2']],
    ['!app', ['p-3']],
  ])('%s', async (selector, expected) => {
    expect(await namesOf(`labelSelector=${encodeURIComponent(selector)}`)).toEqual(expected);
  });

  it('that cannot be parsed is 400', async () => {
    const { status } = await call(`GET ${pods}?labelSelector=${encodeURIComponent('a in b')}`);

    expect(status).toBe(400);
  });
});

describe('a field selector', () => {
  it('finds by name, and by phase', async () => {
    expect(await namesOf('fieldSelector=metadata.name%3Dp-2')).toEqual(['p-2']);
    expect(await namesOf('fieldSelector=status.phase!%3DPending')).toEqual([]);
  });
});

describe('a paged list', () => {
  it('goes on where it was, with what was there at its beginning', async () => {
    const first = await call(`GET ${pods}?limit=2`);
    cluster.world.apply(pod('p-9'));
    const { continue: token, resourceVersion } = first.body.metadata;

    const second = await call(`GET ${pods}?limit=9&continue=${token}`);

    cluster.world.remove('Pod', 'p-9', 'shop');
    const names = second.body.items.map(
      (each: { metadata: { name: string } }) => each.metadata.name,
    );
    expect(names).toEqual(['p-2', 'p-3']);
    expect(second.body.metadata).toEqual({ resourceVersion });
  });

  it('whose token has expired is 410, with a token for the rest as it is now', async () => {
    const first = await call(`GET ${pods}?limit=2`);
    const path = `GET ${pods}?continue=`;
    await expect
      .poll(async () => (await call(path + first.body.metadata.continue)).status, { timeout: 5000 })
      .toBe(410);

    const expired = await call(path + first.body.metadata.continue);
    const rest = await call(path + expired.body.metadata.continue);

    expect(expired.body.reason).toBe('Expired');
    expect(rest.body.items).toHaveLength(2);
  });
});

describe('a watch', () => {
  async function events(query: string, during: () => Promise<unknown>): Promise<string[]> {
    const response = await fetch(`${cluster.url}${pods}?watch=1&timeoutSeconds=1&${query}`, {
      headers: { authorization: `Bearer ${cluster.token}` },
    });
    await during();
    const lines = (await response.text()).split('\n').filter((line) => line !== '');
    const all = lines.map((line) => JSON.parse(line));
    return all.map(({ type, object }) => `${type} ${object.metadata?.name ?? object.code}`);
  }

  async function revision(): Promise<string> {
    return (await call(`GET ${pods}`)).body.metadata.resourceVersion;
  }

  it('sees an object come and go as its labels come to match and cease to', async () => {
    const from = await revision();

    const seen = await events(`labelSelector=app%3Dnew&resourceVersion=${from}`, async () => {
      await call(`PATCH ${pods}/p-3`, { metadata: { labels: { app: 'new' } } }, merge);
      await call(`PATCH ${pods}/p-3`, { metadata: { labels: { note: 'x' } } }, merge);
      await call(`PATCH ${pods}/p-3`, { metadata: { labels: { app: null } } }, merge);
    });

    expect(seen).toEqual(['ADDED p-3', 'MODIFIED p-3', 'DELETED p-3']);
  });

  it('resumes where it was, and begins with what is there when it was nowhere', async () => {
    const from = await revision();
    await call(`PATCH ${pods}/p-0`, { metadata: { labels: { note: 'y' } } }, merge);

    const resumed = await events(`resourceVersion=${from}`, async () => undefined);
    const fresh = await events('', async () => undefined);

    expect(resumed).toEqual(['MODIFIED p-0']);
    expect(fresh).toEqual(['ADDED p-0', 'ADDED p-1', 'ADDED p-2', 'ADDED p-3']);
  });

  it('gets bookmarks where it asks for them, and 410 where its past is forgotten', async () => {
    const from = await revision();
    const marked = await events(
      `allowWatchBookmarks=true&resourceVersion=${from}`,
      async () => undefined,
    );
    await call(`PATCH ${pods}/p-0`, { metadata: { labels: { note: 'z' } } }, merge);
    cluster.world.compactHistory();

    const forgotten = await events(`resourceVersion=${from}`, async () => undefined);

    expect(marked.length).toBeGreaterThan(1);
    expect(new Set(marked)).toEqual(new Set(['BOOKMARK undefined']));
    expect(forgotten).toEqual(['ERROR 410']);
  });
});

describe('discovery', () => {
  it('lists a custom kind only once its definition exists', async () => {
    const before = await call('GET /apis/cluster.x-k8s.io/v1beta2');
    cluster.world.apply({
      apiVersion: 'cluster.x-k8s.io/v1beta2',
      kind: 'Cluster',
      metadata: { name: 'c', namespace: 'shop' },
    });

    const after = await call('GET /apis/cluster.x-k8s.io/v1beta2');

    expect(before.status).toBe(404);
    expect(after.body.resources[0]).toMatchObject({ name: 'clusters', kind: 'Cluster' });
  });

  it('says that pods can be evicted', async () => {
    const { body } = await call('GET /api/v1');

    expect(body.resources).toContainEqual(
      expect.objectContaining({ name: 'pods/eviction', group: 'policy', kind: 'Eviction' }),
    );
  });
});
