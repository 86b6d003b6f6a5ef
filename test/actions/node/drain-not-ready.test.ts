import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readinessOfNode } from '../../../src/actions/node/node-state.ts';
import { Node } from '../../../src/kubernetes/resources/node.ts';
import { emptyMemory, toldTexts } from '../execute-context.ts';
import { budget, deployment, statefulSet } from '../manifests.ts';
import { type DrainWorld, fewestReady, startDrainWorld } from './drain-world.ts';

let test: DrainWorld;

beforeEach(async () => {
  test = await startDrainWorld();
});
afterEach(() => test.stop());

async function silence() {
  test.world.killKubelet('w-1');
  await vi.waitUntil(
    async () => readinessOfNode(await test.cluster.get(Node, { name: 'w-1' })) === 'Unknown',
    { timeout: 5_000, interval: 20 },
  );
}

/** Its kubelet lives, and says itself that it is not well. */
async function unwell() {
  test.world.setNodeCondition('w-1', {
    type: 'Ready',
    status: 'False',
    reason: 'KubeletNotReady',
    message: 'PLEG is not healthy',
  });
  await vi.waitUntil(
    async () => readinessOfNode(await test.cluster.get(Node, { name: 'w-1' })) === 'False',
    { timeout: 5_000, interval: 20 },
  );
}

describe('node/drain of a node that reports Ready=False itself', () => {
  it('counts on its pods, which stay Ready, and has them end properly, never past their budget', async () => {
    await test.place('w-1', [
      deployment('api', { replicas: 2 }),
      budget('api', { minAvailable: 1 }),
      statefulSet('db'),
    ]);
    test.cordon('w-1');
    await unwell();
    const { effects, warnings } = await test.plan();
    const draining = test.drain(effects);
    expect(await fewestReady(test, 'api', draining)).toBe(1);
    expect(await draining).toMatchObject({ left: [] });
    expect(warnings.map(({ code }) => code)).not.toContain('kubelet_silent');
    expect(await test.podsOn('w-1')).toEqual([]);
  });
});

describe('node/drain of a node whose kubelet is dead', () => {
  it('surges for a single pod that no budget lets go, and that is not Ready any more', async () => {
    await test.place('w-1', [deployment('api'), budget('api', { minAvailable: 1 })]);
    test.cordon('w-1');
    await silence();
    await test.budget('api', { currentHealthy: 0 });
    const input = { surge: true };
    const { effects, blockers } = await test.plan({ input });
    const outcome = await test.drain(effects, { input });
    const [pod] = await test.ready('api', 1);
    expect(blockers).toEqual([]);
    expect(effects.map(({ verb }) => verb)).toEqual(['restart']);
    expect(pod?.spec.nodeName).not.toBe('w-1');
    expect(outcome.left).toEqual([
      expect.stringMatching(/^web\/api-.* is Terminating until the machine is gone$/),
    ]);
  });

  it('does not wait for StatefulSet pods to come back: their names are taken until the machine is gone', async () => {
    await test.place('w-1', [statefulSet('db', { replicas: 2 })]);
    test.cordon('w-1');
    await silence();
    const { effects } = await test.plan();
    const outcome = await test.drain(effects);
    expect(outcome.left?.toSorted()).toEqual([
      'web/db-0 is Terminating until the machine is gone',
      'web/db-1 is Terminating until the machine is gone',
    ]);
    expect(test.evictedUids()).toHaveLength(2);
  });

  it('evicts, does not wait for ever, and keeps the pods apart that stay Terminating', async () => {
    await test.place('w-1', [deployment('api'), statefulSet('db')]);
    test.cordon('w-1');
    await silence();
    const plan = await test.plan();
    const memory = emptyMemory();
    const outcome = await test.drain(plan.effects, { memory });
    expect(plan.warnings.map(({ code }) => code)).toContain('kubelet_silent');
    expect(plan.effects).toHaveLength(2);
    expect(outcome.left).toHaveLength(2);
    expect(outcome.left?.join()).toContain('Terminating until the machine is gone');
    expect(toldTexts(memory).join()).toContain('does not answer');
    const pods = await test.podsOn('w-1');
    expect(pods.every(({ metadata }) => metadata.deletionTimestamp !== undefined)).toBe(true);
  });

  it('waits for the replacement elsewhere of a pod that had a healthy twin', async () => {
    await test.place('w-1', [deployment('api'), budget('api', { minAvailable: 1 })]);
    test.world.apply(deployment('api', { replicas: 2 }));
    await test.ready('api', 2);
    test.cordon('w-1');
    await silence();
    const { effects } = await test.plan();
    await test.drain(effects);
    const ready = await test.ready('api', 2);
    expect(ready.every(({ spec }) => spec.nodeName !== 'w-1')).toBe(true);
  });
});
