import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClusterUnderTest } from './cluster/cluster-under-test.ts';
import type { Json } from './cluster/json.ts';
import { workload } from './cluster/manifests.ts';
import { openCluster } from './cluster/open-cluster.ts';
import { readyPods } from './cluster/pods.ts';
import { until } from './cluster/until.ts';

let cluster: ClusterUnderTest;
let pods: string;

beforeAll(async () => {
  cluster = await openCluster();
  pods = `${cluster.path('pods')}?labelSelector=app%3Dweb`;
  const which = { kind: 'Deployment', name: 'web', replicas: 2 } as const;
  await cluster.create('deployments', workload(cluster, which));
  await readyPods(cluster, 'web', 2);
});
afterAll(() => cluster.close());

/** As kubectl asks. */
const asTable = {
  headers: {
    accept: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json',
  },
};

function columnsOf(table: Json): string[] {
  return table.columnDefinitions.map(({ name }: Json) => name);
}

describe('a table', () => {
  it('of pods has a row for each, with their metadata, and wide columns marked as such', async () => {
    const table = await cluster.api.expect(`GET ${pods}`, asTable);

    expect([table.kind, table.apiVersion]).toEqual(['Table', 'meta.k8s.io/v1']);
    expect(columnsOf(table).slice(0, 7)).toEqual([
      'Name',
      'Ready',
      'Status',
      'Restarts',
      'Age',
      'IP',
      'Node',
    ]);
    const narrow = table.columnDefinitions.filter(({ priority }: Json) => priority === 0);
    expect(narrow).toHaveLength(5);
    expect(table.rows.map(({ cells }: Json) => cells.slice(1, 3))).toEqual([
      ['1/1', 'Running'],
      ['1/1', 'Running'],
    ]);
    expect(table.rows[0].object).toMatchObject({
      kind: 'PartialObjectMetadata',
      metadata: { name: table.rows[0].cells[0], labels: { app: 'web' } },
    });
  });

  it('of a page says where the next one begins', async () => {
    const first = await cluster.api.expect(`GET ${pods}&limit=1`, asTable);
    const query = `&limit=1&continue=${first.metadata.continue}`;
    const second = await cluster.api.expect(`GET ${pods}${query}`, asTable);

    expect([first.rows.length, second.rows.length]).toEqual([1, 1]);
    expect(second.rows[0].cells[0]).not.toBe(first.rows[0].cells[0]);
  });

  it('holds whole objects where they are asked for', async () => {
    const path = `GET ${cluster.path('deployments', 'web')}?includeObject=Object`;

    const table = await cluster.api.expect(path, asTable);

    expect(table.rows[0].object).toMatchObject({ kind: 'Deployment', spec: { replicas: 2 } });
    expect(table.rows[0].cells.slice(0, 2)).toEqual(['web', '2/2']);
  });

  it('is not made of a refusal', async () => {
    const answer = await cluster.api.send(`GET ${cluster.path('pods', 'nobody')}`, asTable);

    expect([answer.status, answer.body.kind, answer.body.reason]).toEqual([
      404,
      'Status',
      'NotFound',
    ]);
  });

  it('comes with each event of a watch, and names its columns once', async () => {
    const watch = await cluster.api.watch(`${pods}&watch=1`, asTable);

    const events = await until(
      'both pods have been told',
      () => watch.events,
      ({ length }) => length >= 2,
    );
    watch.close();

    expect(events.slice(0, 2).map(({ type, object }) => [type, object.kind])).toEqual([
      ['ADDED', 'Table'],
      ['ADDED', 'Table'],
    ]);
    expect(columnsOf(events[0].object)).toContain('Ready');
    expect(events[1].object.columnDefinitions ?? []).toEqual([]);
    expect(events[1].object.rows[0].cells[1]).toBe('1/1');
  });
});

describe('metadata alone', () => {
  it('is what a list of PartialObjectMetadata holds', async () => {
    const accept = 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io';

    const list = await cluster.api.expect(`GET ${pods}`, { headers: { accept } });

    expect([list.kind, list.apiVersion]).toEqual(['PartialObjectMetadataList', 'meta.k8s.io/v1']);
    expect(list.items).toHaveLength(2);
    expect(list.items[0].metadata.labels.app).toBe('web');
    expect(list.items[0].spec).toBeUndefined();
  });
});
