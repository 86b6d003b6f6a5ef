import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ClusterUnderTest } from './cluster/cluster-under-test.ts';
import { openCluster } from './cluster/open-cluster.ts';
import { until } from './cluster/until.ts';
import type { Watch } from './cluster/watch.ts';

let cluster: ClusterUnderTest;

beforeAll(async () => {
  cluster = await openCluster();
});
afterAll(() => cluster.close());

const watches: Watch[] = [];
afterEach(() => {
  for (const watch of watches.splice(0)) watch.close();
});

function configMap(name: string, labels: Record<string, string> = {}) {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, labels }, data: {} };
}

async function watch(query: string): Promise<Watch> {
  const opened = await cluster.api.watch(`${cluster.path('configmaps')}?watch=1&${query}`);
  watches.push(opened);
  return opened;
}

async function revision(): Promise<string> {
  const { metadata } = await cluster.api.expect(`GET ${cluster.path('configmaps')}`);
  return metadata.resourceVersion;
}

async function changes(watched: Watch, count: number): Promise<string[]> {
  return await until(
    `${count} changes have been told`,
    () => watched.changes(),
    (seen) => seen.length >= count,
  );
}

describe('a watch', () => {
  it('tells what is there, then what is added, changed and deleted, in that order', async () => {
    await cluster.create('configmaps', configMap('first', { told: 'yes' }));
    const watched = await watch('labelSelector=told%3Dyes');
    await cluster.create('configmaps', configMap('second', { told: 'yes' }));
    await cluster.merge('configmaps', 'second', { data: { key: 'value' } });
    await cluster.remove('configmaps', 'second');

    const seen = await changes(watched, 4);

    expect(seen).toEqual(['ADDED first', 'ADDED second', 'MODIFIED second', 'DELETED second']);
    const revisions = watched.events.map(({ object }) => Number(object.metadata.resourceVersion));
    expect(revisions).toEqual([...revisions].sort((one, other) => one - other));
  });

  it('that is taken up again tells exactly what was missed', async () => {
    await cluster.create('configmaps', configMap('resumed', { again: 'yes' }));
    const first = await watch('labelSelector=again%3Dyes');
    await cluster.merge('configmaps', 'resumed', { data: { turn: 'seen' } });
    await changes(first, 2);
    const last = first.events.at(-1)?.object.metadata.resourceVersion;
    first.close();
    await cluster.merge('configmaps', 'resumed', { data: { turn: 'missed' } });
    await cluster.create('configmaps', configMap('new', { again: 'yes' }));

    const second = await watch(`labelSelector=again%3Dyes&resourceVersion=${last}`);
    const seen = await changes(second, 2);

    expect(seen).toEqual(['MODIFIED resumed', 'ADDED new']);
    expect(second.events[0].object.data).toEqual({ turn: 'missed' });
  });

  it('says DELETED of what its selector no longer applies to', async () => {
    await cluster.create('configmaps', configMap('labelled', { shown: 'yes' }));
    const watched = await watch(`labelSelector=shown%3Dyes&resourceVersion=${await revision()}`);

    await cluster.merge('configmaps', 'labelled', { metadata: { labels: { shown: 'no' } } });
    await cluster.merge('configmaps', 'labelled', { metadata: { labels: { shown: 'yes' } } });

    expect(await changes(watched, 2)).toEqual(['DELETED labelled', 'ADDED labelled']);
  });

  it('is ended by the server after timeoutSeconds, and sends bookmarks until then', async () => {
    const from = await revision();
    const watched = await watch(
      `resourceVersion=${from}&allowWatchBookmarks=true&timeoutSeconds=4`,
    );

    await until(
      'the server ends the watch',
      () => watched.hasEnded,
      (ended) => ended,
    );

    const bookmark = watched.events.find(({ type }) => type === 'BOOKMARK');
    expect(bookmark.object).toMatchObject({ kind: 'ConfigMap', apiVersion: 'v1' });
    expect(Number(bookmark.object.metadata.resourceVersion)).toBeGreaterThanOrEqual(Number(from));
    expect(bookmark.object.metadata.name).toBeUndefined();
  });

  it('from a revision that is long past is answered, and then told that it has expired', async () => {
    const watched = await watch('resourceVersion=1');

    const [event] = await until(
      'the watch has told something',
      () => watched.events,
      (events) => events.length > 0,
    );

    expect(watched.status).toBe(200);
    expect(event).toMatchObject({
      type: 'ERROR',
      object: { kind: 'Status', code: 410, reason: 'Expired' },
    });
  });

  it('of one object by its name tells nothing of others', async () => {
    const from = await revision();
    const watched = await watch(`fieldSelector=metadata.name%3Dwanted&resourceVersion=${from}`);

    await cluster.create('configmaps', configMap('unwanted'));
    await cluster.create('configmaps', configMap('wanted'));

    expect(await changes(watched, 1)).toEqual(['ADDED wanted']);
  });
});
