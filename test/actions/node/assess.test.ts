import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { assessNode } from '../../../src/actions/node/assess.ts';
import { readinessOfNode } from '../../../src/actions/node/node-state.ts';
import { Node } from '../../../src/kubernetes/resources/node.ts';
import { node } from '../manifests.ts';
import { startTestWorld, type TestWorld } from '../test-world.ts';

let test: TestWorld;

beforeEach(async () => {
  test = await startTestWorld([node('w-1'), node('w-2')]);
});
afterEach(() => test.stop());

function assess(accepted: readonly string[] = [], name = 'w-1') {
  return assessNode.plan(test.context({ accepted }), { node: name });
}

function reports(state: string) {
  return vi.waitUntil(
    async () => readinessOfNode(await test.cluster.get(Node, { name: 'w-1' })) === state,
    { timeout: 5_000, interval: 20 },
  );
}

describe('node/assess', () => {
  it('finds nothing against a Ready node that others stand in for', async () => {
    const plan = await assess();
    const { uid } = (await test.cluster.get(Node, { name: 'w-1' })).metadata;
    expect(plan).toMatchObject({ blockers: [], outputs: { nodeUid: uid, ready: 'True' } });
  });

  it('names the node that was probably meant', async () => {
    const plan = await assess([], 'w-11');
    expect(plan.blockers[0]).toMatchObject({ code: 'node_not_found' });
    expect(plan.blockers[0]?.text).toContain('did you mean `w-1`');
    expect(plan.blockers[0]?.exception).toBeUndefined();
  });

  it('tells a node that says it is not ready from one whose kubelet is silent', async () => {
    test.world.setNodeCondition('w-1', {
      type: 'Ready',
      status: 'False',
      reason: 'KubeletNotReady',
      message: 'runtime down',
    });
    await reports('False');
    const saying = await assess();
    test.world.clearNodeCondition('w-1', 'Ready');
    test.world.killKubelet('w-1');
    await reports('Unknown');
    const silent = await assess();
    expect(saying.outputs).toMatchObject({ ready: 'False' });
    expect(saying.warnings[0]?.text).toContain('its kubelet lives');
    expect(silent.outputs).toMatchObject({ ready: 'Unknown' });
    expect(silent.warnings[0]?.text).toContain('stay Terminating');
  });

  it.each([
    ['karpenter.sh/disrupted', 'Karpenter'],
    ['ToBeDeletedByClusterAutoscaler', 'cluster autoscaler'],
    ['medik8s.io/drain', 'medik8s'],
  ])('stops where the taint %s shows another actor at work', async (key, who) => {
    test.world.apply(node('w-1', { spec: { taints: [{ key, effect: 'NoSchedule' }] } }));
    const plan = await assess();
    expect(plan.blockers).toMatchObject([{ code: 'node_claimed' }]);
    expect(plan.blockers[0]?.text).toContain(who);
  });

  it('stops at a control-plane node until that is accepted by name', async () => {
    const labels = { 'node-role.kubernetes.io/control-plane': '' };
    test.world.apply(node('w-1', { metadata: { labels } }));
    test.world.apply(node('w-3', { metadata: { labels } }));
    const plan = await assess();
    const accepted = await assess(['control-plane-node']);
    expect(plan.blockers).toMatchObject([{ exception: 'control-plane-node' }]);
    expect(accepted.blockers).toEqual([]);
  });

  it('stops at the last node of its pool that takes pods, until that is accepted by name', async () => {
    const labels = { 'karpenter.sh/nodepool': 'blue' };
    test.world.apply(node('w-1', { metadata: { labels } }));
    test.world.apply(node('w-3', { metadata: { labels }, spec: { unschedulable: true } }));
    const plan = await assess();
    expect(plan.blockers).toMatchObject([
      { code: 'last_node_of_pool', exception: 'last-node-of-pool' },
    ]);
    expect(plan.outputs).toMatchObject({ pool: 'blue' });
    expect((await assess(['last-node-of-pool'])).blockers).toEqual([]);
  });

  it('says who cordoned the node', async () => {
    test.cordon('w-1');
    expect(JSON.stringify((await assess()).findings)).toContain('somebody else');
  });

  it('shows recent events of the node, the newest first', async () => {
    for (const [reason, lastTimestamp] of [
      ['Older', '2026-01-01T00:00:00Z'],
      ['Newer', '2026-01-02T00:00:00Z'],
    ]) {
      test.world.apply({
        apiVersion: 'v1',
        kind: 'Event',
        metadata: { name: `w-1.${reason}`, namespace: 'default' },
        involvedObject: { kind: 'Node', name: 'w-1', uid: 'w-1' },
        reason,
        message: 'as seen by the kubelet',
        lastTimestamp,
      });
    }
    const finding = (await assess()).findings.find(({ title }) => title === 'Recent events');
    expect(finding?.lines.map(({ subject }) => subject)).toEqual(
      expect.arrayContaining(['Newer', 'Older']),
    );
    const subjects = finding?.lines.map(({ subject }) => subject) ?? [];
    expect(subjects.indexOf('Newer')).toBeLessThan(subjects.indexOf('Older'));
  });
});
