import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { koreaSeed } from '../../../src/demo/cluster/seeds.ts';
import {
  type SimulatedCluster,
  startSimulatedCluster,
} from '../../../src/demo/cluster/simulated-cluster.ts';
import { clusterSource } from '../../../src/demo/panel/cluster-source.ts';

const AGES_AGO = '2026-01-01T00:00:00Z';

describe('what the page is shown of a simulated cluster', () => {
  let cluster: SimulatedCluster;

  beforeEach(async () => {
    cluster = await startSimulatedCluster({ name: 'kr', region: 'kr', seed: koreaSeed() });
    await vi.waitUntil(() => budget('payments/api')?.has === 3);
  });
  afterEach(() => cluster.stop());

  const look = () => clusterSource(cluster).read();
  const node = (name: string) => look().nodes.find((each) => each.name === name);
  const budget = (name: string) => look().budgets.find((each) => each.name === name);

  it('is every node with its pods, in the order of names, and the tightest budgets first', () => {
    const { nodes, budgets, totals } = look();

    expect(nodes.map(({ name }) => name)).toEqual([
      ...['kr-a-1', 'kr-a-2', 'kr-b-1', 'kr-b-2', 'kr-b-3', 'kr-cp-1'],
    ]);
    expect(node('kr-b-2')?.pods).toHaveLength(14);
    expect(budgets.map(({ name, mayGo }) => [name, mayGo])).toEqual([
      ['billing/invoicer', 0],
      ['legacy/ledger', 0],
      ['kube-system/coredns', 1],
      ['payments/api', 1],
    ]);
    expect(budget('payments/api')).toMatchObject({ needs: 2, has: 3 });
    expect(totals).toMatchObject({ nodes: 6, budgets: 4 });
  });

  it('tells pods that move from those that stay, and from those that nothing brings back', () => {
    const pods = look().nodes.flatMap(({ pods: all }) => all);
    const pod = (start: string) => pods.find(({ name }) => name.startsWith(start));

    expect(pod('ingest/ingestor')).toMatchObject({ workload: 'ingest/ingestor', state: 'running' });
    expect(pod('ingest/ingestor')).not.toHaveProperty('stays');
    expect(pod('kube-system/cni')).toMatchObject({ stays: true });
    expect(pod('ops/debug-shell')).not.toHaveProperty('workload');
    expect(pod('data/nightly-report')).toMatchObject({ state: 'done' });
  });

  it('shows a node that is cordoned, one that is not Ready, and one whose machine goes', async () => {
    const { world } = cluster;
    world.setNodeCondition('kr-b-1', {
      type: 'Ready',
      status: 'False',
      reason: 'KubeletNotReady',
      message: 'down',
    });
    await vi.waitFor(() => expect(node('kr-b-1')?.states).toEqual(['NotReady']));
    const stored = world.get('Node', 'kr-b-2');
    world.apply({ ...stored, spec: { unschedulable: true } } as never);
    const machine = world.get('Machine', 'kr-b-3-x7k', 'capi-system');
    const metadata = { ...machine?.metadata, deletionTimestamp: AGES_AGO };
    world.apply({ ...machine, metadata } as never);

    expect(node('kr-a-1')?.states).toEqual(['Ready']);
    expect(node('kr-b-2')?.states).toEqual(['Ready', 'cordoned']);
    expect(node('kr-b-3')?.states).toEqual(['Ready', 'going away']);
  });

  it('shows a pod leave its node and its successor start', async () => {
    const pods = () => look().nodes.flatMap(({ pods: all }) => all);
    const [first] = pods().filter(({ workload }) => workload === 'console/console');
    const [namespace = '', name = ''] = first?.name.split('/') ?? [];

    const response = await fetch(`${cluster.url}/api/v1/namespaces/${namespace}/pods/${name}`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${cluster.token}` },
    });

    expect(response.status).toBe(200);
    expect(pods().find(({ id }) => id === first?.id)?.state).toBe('leaving');
    await vi.waitFor(() => {
      const now = pods().filter(({ workload }) => workload === 'console/console');
      expect(now.map(({ state }) => state)).toEqual(['running', 'running', 'running']);
      expect(now.map(({ id }) => id)).not.toContain(first?.id);
    });
  });

  it('stays small and quick with a thousand nodes: those with something to say, and a number', () => {
    const names = Array.from({ length: 1000 }, (_, index) => `node-${1000 + index}`);
    const nodes = names.map((name, index) => ({
      metadata: { name, uid: name, creationTimestamp: AGES_AGO },
      spec: index === 900 ? { unschedulable: true } : {},
      status: { conditions: [{ type: 'Ready', status: 'True' }] },
    }));
    const pods = names.flatMap((nodeName) =>
      Array.from({ length: 60 }, (_, index) => ({
        metadata: {
          name: `pod-${index}`,
          namespace: nodeName,
          uid: `${nodeName}/${index}`,
          creationTimestamp: AGES_AGO,
        },
        spec: { nodeName },
        status: {
          phase: 'Running',
          conditions: [{ type: 'Ready', status: index === 59 ? 'False' : 'True' }],
        },
      })),
    );
    const lists: Record<string, unknown[]> = { Node: nodes, Pod: pods };
    const world = { list: (kind: string) => (lists[kind] ?? []) as never };
    const source = clusterSource({ name: 'large', world });
    source.read();

    const began = performance.now();
    const view = source.read();

    expect(performance.now() - began).toBeLessThan(250);
    expect(view.nodes).toHaveLength(24);
    expect(view.nodes[0]).toMatchObject({ name: 'node-1900', states: ['Ready', 'cordoned'] });
    expect(view.nodes[0]?.pods[0]).toMatchObject({ name: 'node-1900/pod-59', state: 'starting' });
    expect(view.nodes[0]?.morePods).toBe(20);
    expect(view.totals).toMatchObject({ nodes: 1000, pods: { running: 59_000, starting: 1000 } });
    expect(JSON.stringify(view).length).toBeLessThan(150_000);
  });
});
