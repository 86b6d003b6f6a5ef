import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { barePod, budget, deployment } from '../manifests.ts';
import { type DrainWorld, startDrainWorld } from './drain-world.ts';
import { beforeEviction, chargeBudget, evictionCalls, refuseEvictions } from './eviction-faults.ts';

let test: DrainWorld;

beforeEach(async () => {
  test = await startDrainWorld();
});
afterEach(() => test.stop());

describe('an eviction that is answered', () => {
  it('403 by an admission webhook or for want of rights is not asked for again: the drain stops', async () => {
    await test.place('w-1', [deployment('api')]);
    const effects = await test.planned();
    refuseEvictions(test.world, { status: 403 }, 1);
    await expect(test.drain(effects)).rejects.toMatchObject({ code: 'eviction_refused' });
    expect(test.evictedUids()).toEqual([]);
  });

  it('403, its namespace going away, is waited out', async () => {
    await test.place('w-1', [barePod('tool', 'w-1')]);
    const effects = await test.planned({ accepted: ['bare-pods'] });
    const namespace = test.world.get('Namespace', 'web');
    if (namespace === undefined) throw new Error('no namespace');
    const deletionTimestamp = new Date().toISOString();
    test.world.apply({
      ...namespace,
      metadata: { ...namespace.metadata, deletionTimestamp, finalizers: ['test/hold'] },
      status: { phase: 'Terminating' },
    });
    await test.drain(effects);
    expect(await test.podsOn('w-1')).toEqual([]);
  });

  it('403, the budget having lost count, is not asked for again: the drain stops', async () => {
    await test.place('w-1', [
      deployment('api', { replicas: 2 }),
      budget('api', { minAvailable: 1 }),
    ]);
    const effects = await test.planned();
    const names = Array.from({ length: 2001 }, (_, index) => `gone-${index}`);
    beforeEviction(test.world, () => chargeBudget(test.world, 'api', names));
    await expect(test.drain(effects)).rejects.toMatchObject({
      code: 'eviction_refused',
      message: expect.stringContaining('DisruptedPods map too big'),
    });
  });

  it('404, the pod having gone meanwhile, is done', async () => {
    await test.place('w-1', [barePod('tool', 'w-1')]);
    const effects = await test.planned({ accepted: ['bare-pods'] });
    beforeEviction(test.world, () => test.world.remove('Pod', 'tool', 'web'));
    expect(await test.drain(effects)).toMatchObject({ changed: false, left: [] });
  });

  it('500, two budgets covering the pod, is not asked for again: the drain stops', async () => {
    await test.place('w-1', [
      deployment('api', { replicas: 2 }),
      budget('api', { maxUnavailable: 1 }),
    ]);
    const effects = await test.planned();
    beforeEviction(test.world, () =>
      test.world.apply(budget('second', { maxUnavailable: 1 }, 'api')),
    );
    await expect(test.drain(effects)).rejects.toMatchObject({
      code: 'eviction_never',
      message: expect.stringContaining('more than one disruption budget covers it'),
    });
    expect(evictionCalls(test.world).map(({ status }) => status)).toEqual([500]);
  });
});

describe('a budget', () => {
  it('does not hold a Pending pod: it is evicted although the budget never allows it', async () => {
    const starts = { annotations: { 'simulation/start-factor': '100000' } };
    await test.place('w-1', [budget('api', { maxUnavailable: 0 })]);
    for (const name of ['w-2', 'w-3']) test.cordon(name);
    test.world.apply(deployment('api', { replicas: 2, template: starts }));
    await vi.waitUntil(async () => (await test.podsOn('w-1')).length === 2, { timeout: 5_000 });
    const effects = await test.planned();
    for (const name of ['w-2', 'w-3']) test.uncordon(name);
    await test.drain(effects);
    expect(test.evictedUids().toSorted()).toEqual(
      effects.map(({ object }) => object.uid).toSorted(),
    );
    expect(effects).toHaveLength(2);
  });

  it('that has come to cover a pod beside another is seen before anything is asked', async () => {
    await test.place('w-1', [
      deployment('api', { replicas: 2 }),
      budget('api', { maxUnavailable: 1 }),
    ]);
    const effects = await test.planned();
    test.world.apply(budget('second', { maxUnavailable: 1 }, 'api'));
    await expect(test.drain(effects)).rejects.toMatchObject({ code: 'eviction_never' });
    expect(evictionCalls(test.world)).toEqual([]);
  });

  it('is not taken for recovered while it has not counted the last eviction: none is refused', async () => {
    await test.place('w-1', [
      deployment('api', { replicas: 2 }),
      budget('api', { maxUnavailable: 1 }),
    ]);
    const effects = await test.planned();
    await test.drain(effects);
    expect(evictionCalls(test.world).filter(({ status }) => status === 429)).toEqual([]);
  });
});
