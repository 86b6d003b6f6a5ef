import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CORDON_MARK } from '../../../src/actions/node/cordon-mark.ts';
import { readinessOfNode } from '../../../src/actions/node/node-state.ts';
import { DisruptionBudget } from '../../../src/kubernetes/resources/disruption-budget.ts';
import { Node } from '../../../src/kubernetes/resources/node.ts';
import { barePod, budget } from '../manifests.ts';
import { type Evening, startEvening } from './evening.ts';

let test: Evening;

beforeEach(async () => {
  test = await startEvening();
});
afterEach(() => test.stop());

const TILES = [{ name: 'ingestor', services: ['ingest/ingestor'] }];

async function drained() {
  await test.plan('node/cordon', {}, { settle: '0s' });
  await test.execute('node/cordon', { input: { settle: '0s' } });
  await test.plan('node/drain', { facts: { tiles: TILES } });
  await test.execute('node/drain', { input: { maxParallel: 5 } });
}

function machineDeletions() {
  return test.world.requests.filter(
    ({ method, path }) => method === 'DELETE' && path.includes('/machines/'),
  );
}

describe('node/replace', () => {
  it('ends with a new Ready node in the place of the old one, and all workloads back', async () => {
    await drained();
    const plan = await test.plan('node/replace');
    const outcome = await test.execute('node/replace');
    const { newNode } = outcome.outputs ?? {};
    const node = await test.cluster.get(Node, { name: String(newNode) });
    expect(plan.effects).toMatchObject([{ verb: 'replace', object: { kind: 'Machine' } }]);
    expect(readinessOfNode(node)).toBe('True');
    expect(await test.cluster.find(Node, { name: 'kr-b-2' })).toBeUndefined();
    await test.plan('node/verify');
    const planned = test.plans.get('node/drain')?.outputs;
    const { tiles } = planned ?? {};
    const verified = await test.execute('node/verify', {
      input: { tiles, newNode },
      facts: { facts: { tiles: TILES } },
    });
    expect(verified.summary).toContain('5 workloads');
  });

  it('asks for the replacement once when the process dies right after it asked', async () => {
    await drained();
    await test.plan('node/replace');
    const startedAt = Date.now() - 1_000;
    const dying = test.execute('node/replace', { diesAfter: () => true, startedAt });
    await expect(dying).rejects.toMatchObject({ code: 'process_died' });
    const outcome = await test.execute('node/replace', { startedAt });
    expect(outcome.changed).toBe(true);
    expect(machineDeletions()).toHaveLength(1);
  });

  it('goes on waiting for the same new node when it is interrupted meanwhile', async () => {
    await drained();
    await test.plan('node/replace');
    const stopped = () => machineDeletions().length > 0;
    await expect(test.execute('node/replace', { stopped })).rejects.toMatchObject({
      code: 'run_stopped',
    });
    await vi.waitUntil(
      async () => (await test.cluster.find(Node, { name: 'kr-b-2' })) === undefined,
      {
        timeout: 5_000,
      },
    );
    const outcome = await test.execute('node/replace');
    expect(outcome.outputs).toMatchObject({ newNode: expect.any(String) });
    expect(machineDeletions()).toHaveLength(1);
  });

  it('frees the pods of a dead kubelet, which only the end of the machine can', async () => {
    await test.plan('node/cordon', {}, { settle: '0s' });
    await test.execute('node/cordon', { input: { settle: '0s' } });
    test.world.killKubelet('kr-b-2');
    await vi.waitUntil(
      async () => readinessOfNode(await test.cluster.get(Node, { name: 'kr-b-2' })) === 'Unknown',
      { timeout: 5_000 },
    );
    await test.plan('node/drain');
    const drain = await test.execute('node/drain', { input: { maxParallel: 10 } });
    expect(drain.left?.join()).toContain('Terminating until the machine is gone');
    await test.plan('node/replace');
    await test.execute('node/replace');
    await test.plan('node/verify');
    const verified = await test.execute('node/verify');
    expect(verified.summary).toContain('are back');
    expect(await test.podsOn('kr-b-2')).toEqual([]);
  }, 60_000);

  it('asks what to do where no provider owns the machine, and keeps it once that is accepted', async () => {
    await drained();
    const facts = { provider: 'karpenter' } as const;
    const plan = await test.plan('node/replace', { facts });
    const accepted = await test.plan('node/replace', { facts, accepted: ['keep-machine'] });
    expect(plan.blockers).toMatchObject([{ code: 'no_provider', exception: 'keep-machine' }]);
    expect(accepted).toMatchObject({ blockers: [], effects: [], skip: expect.any(String) });
    expect(accepted.left).toEqual([
      'kr-b-2 stays cordoned. To let it take pods again: `kubectl uncordon kr-b-2`',
    ]);
  });

  it('does not plan to replace a paused machine', async () => {
    await drained();
    const machine = test.world.get('Machine', 'kr-b-2-x7k', 'capi-system');
    if (machine === undefined) throw new Error('no machine');
    const annotations = { ...machine.metadata.annotations, 'cluster.x-k8s.io/paused': '' };
    test.world.apply({ ...machine, metadata: { ...machine.metadata, annotations } });
    const plan = await test.plan('node/replace');
    expect(plan.blockers).toMatchObject([{ code: 'machine_refused', exception: 'keep-machine' }]);
  });

  it('keeps the machine of pods that a budget protects for ever', async () => {
    test.world.apply({
      ...budget('never', {}),
      metadata: { name: 'never', namespace: 'ingest' },
      spec: { maxUnavailable: 0, selector: {} },
    });
    const accepted = ['leave-protected-pods'];
    await vi.waitUntil(() => {
      const never = DisruptionBudget.schema.parse(
        test.world.get('PodDisruptionBudget', 'never', 'ingest'),
      );
      return never.status.expectedPods > 0;
    });
    await test.plan('node/cordon', {}, { settle: '0s' });
    const drain = await test.plan('node/drain', { accepted });
    const plan = await test.plan('node/replace', { accepted });
    expect(drain.outputs).toMatchObject({ left: Array(3).fill(expect.any(String)) });
    expect(plan.skip).toContain('ingest/ingestor');
    expect(plan.effects).toEqual([]);
  });

  it('does not end a machine with a pod on it that came after the plan', async () => {
    await drained();
    await test.plan('node/replace');
    test.world.apply(barePod('late', 'kr-b-2'));
    await expect(test.execute('node/replace')).rejects.toMatchObject({
      code: 'pods_left',
      message: expect.stringContaining('web/late'),
    });
    expect(machineDeletions()).toEqual([]);
  });

  it('leaves the cordon on a node whose machine is already being replaced', async () => {
    await drained();
    await test.plan('node/replace');
    const machine = test.world.get('Machine', 'kr-b-2-x7k', 'capi-system');
    const deletionTimestamp = new Date().toISOString();
    if (machine === undefined) throw new Error('no machine');
    test.world.apply({
      ...machine,
      metadata: { ...machine.metadata, deletionTimestamp, finalizers: ['test/hold'] },
    });
    const outcome = await test.undo('node/cordon');
    expect(outcome.left?.join()).toContain('being replaced');
    const node = await test.cluster.find(Node, { name: 'kr-b-2' });
    expect(node?.metadata.annotations[CORDON_MARK] ?? 'run-1').toBe('run-1');
  });
});

describe('node/verify', () => {
  it('says exactly what is not back', async () => {
    await drained();
    await test.plan('node/verify');
    const facts = { facts: { tiles: TILES } };
    const tiles = [{ name: 'ingestor', ready: 99 }];
    const input = { tiles, newNode: 'kr-none', timeout: '20s' };
    await expect(test.execute('node/verify', { input, facts })).rejects.toMatchObject({
      code: 'not_back',
      message: expect.stringMatching(/ingestor has 6 of 99 ready endpoints.*kr-none is gone/),
    });
  });

  it('waits for a workload that is short of a pod, and names it when it does not come', async () => {
    await drained();
    const [effect] = test.plans.get('node/drain')?.effects ?? [];
    if (effect === undefined) throw new Error('nothing drained');
    for (const { metadata } of test.world.list('Node')) test.cordon(metadata.name);
    const { namespace = '' } = effect.object;
    const deployment = test.world.get('Deployment', 'console', namespace);
    const spec = (deployment as { spec?: object } | undefined)?.spec;
    if (deployment === undefined) throw new Error('no deployment');
    test.world.apply({ ...deployment, spec: { ...spec, replicas: 9 } });
    await test.plan('node/verify');
    await expect(test.execute('node/verify', { input: { timeout: '20s' } })).rejects.toMatchObject({
      code: 'not_back',
      message: expect.stringMatching(
        /Deployment console\/console has \d of 9 ready \(.*finds no node/,
      ),
    });
  });
});
