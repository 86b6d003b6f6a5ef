import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type {
  ClusterView,
  NodeView,
} from '../../../src/demo/workspace/page-server/cluster-view.ts';
import { LiveViews } from '../../../src/demo/workspace/page-server/live-views.ts';

const NO_PODS = {
  ...{ waiting: 0, starting: 0, running: 0, leaving: 0 },
  ...{ 'not ready': 0, done: 0, failed: 0 },
};

describe('what open pages are told of the clusters', () => {
  let now: ClusterView;
  let views: LiveViews;
  let told: { event: string; data: object }[];
  let leave: () => void;

  const node = (name: string, more: Partial<NodeView> = {}): NodeView => ({
    ...{ id: name, name, states: ['Ready'], pods: [], morePods: 0 },
    ...more,
  });
  const clusterOf = (...nodes: NodeView[]): ClusterView => ({
    nodes,
    budgets: [],
    totals: { nodes: nodes.length, budgets: 0, pods: NO_PODS },
  });

  beforeEach(() => {
    vi.useFakeTimers();
    now = clusterOf(node('a'), node('b'));
    const source = { name: 'kr', read: () => now };
    views = new LiveViews({ clusters: [source], messages: () => [] });
    told = [];
    leave = views.subscribe((event, data) => told.push({ event, data }));
  });
  afterEach(() => {
    leave();
    vi.useRealTimers();
  });

  it('is all of it at first, and then only what has changed', () => {
    expect(told).toMatchObject([{ event: 'cluster', data: { name: 'kr', nodes: now.nodes } }]);
    vi.advanceTimersByTime(2000);
    expect(told).toHaveLength(1);

    now = clusterOf(node('a'), node('b', { states: ['Ready', 'cordoned'] }));
    vi.advanceTimersByTime(250);

    expect(told[1]?.data).toMatchObject({ order: ['a', 'b'], nodes: [now.nodes[1]] });
  });

  it('comes at most four times a second, however often the cluster changes', () => {
    for (let change = 0; change < 100; change += 1) {
      now = clusterOf(node('a', { morePods: change }));
      vi.advanceTimersByTime(10);
    }

    expect(told.length - 1).toBeLessThanOrEqual(4);
    expect(told.at(-1)?.data).toMatchObject({ order: ['a'] });
  });

  it('tells a node anew that was gone in between', () => {
    const both = now;
    now = clusterOf(node('a'));
    vi.advanceTimersByTime(250);
    now = both;
    vi.advanceTimersByTime(250);

    expect(told.at(-1)?.data).toMatchObject({ order: ['a', 'b'], nodes: [{ name: 'b' }] });
  });

  it('is not looked for while nobody has the page open', () => {
    leave();
    expect(vi.getTimerCount()).toBe(0);
  });
});
