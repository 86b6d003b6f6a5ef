import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readinessOfNode } from '../../../src/actions/node/node-state.ts';
import { Node } from '../../../src/kubernetes/resources/node.ts';
import { emptyMemory, toldTexts } from '../execute-context.ts';
import { budget, deployment, statefulSet } from '../manifests.ts';
import { type DrainWorld, startDrainWorld } from './drain-world.ts';

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

describe('node/drain of a node whose kubelet is dead', () => {
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
