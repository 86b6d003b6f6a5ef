import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { budget, deployment } from '../manifests.ts';
import { type DrainWorld, startDrainWorld } from './drain-world.ts';
import { beforeEviction, chargeBudget, evictionCalls, refuseEvictions } from './eviction-faults.ts';

let test: DrainWorld;

beforeEach(async () => {
  test = await startDrainWorld();
});
afterEach(() => test.stop());

describe('an eviction that is refused for now', () => {
  it('429 by priority and fairness is asked for again when its Retry-After is over, not before', async () => {
    await test.place('w-1', [deployment('api')]);
    const effects = await test.planned();
    refuseEvictions(test.world, { status: 429, retryAfter: 20 }, 1);
    await test.drain(effects);
    const [first, second] = evictionCalls(test.world);
    // 20 s, at forty times the speed.
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThan(490);
    expect(test.evictedUids()).toEqual(effects.map(({ object }) => object.uid));
  });

  it('429 by a budget, which says no Retry-After, is asked for again once the budget has room', async () => {
    await test.place('w-1', [
      deployment('api', { replicas: 2 }),
      budget('api', { minAvailable: 1 }),
    ]);
    const effects = await test.planned();
    // It has room when it is looked at, and none any more when the eviction comes.
    beforeEviction(test.world, () =>
      chargeBudget(test.world, 'api', [effects[1]?.object.name ?? '']),
    );
    await test.drain(effects);
    expect(evictionCalls(test.world).map(({ status }) => status)).toContain(429);
    expect(test.evictedUids().toSorted()).toEqual(
      effects.map(({ object }) => object.uid).toSorted(),
    );
  });

  it('429 while a budget is still being counted is asked for again after its Retry-After', async () => {
    await test.place('w-1', [
      deployment('api', { replicas: 2 }),
      budget('api', { minAvailable: 1 }),
    ]);
    const effects = await test.planned();
    // observedGeneration is behind at that moment.
    beforeEviction(test.world, () => test.world.apply(budget('api', { maxUnavailable: 1 })));
    await test.drain(effects);
    const [first, second] = evictionCalls(test.world);
    expect(first?.status).toBe(429);
    // 10 s, at forty times the speed.
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThan(240);
  });

  it.each([500, 503, 504])(
    '%d, the API server having failed, is asked for again',
    async (status) => {
      await test.place('w-1', [deployment('api')]);
      const effects = await test.planned();
      refuseEvictions(test.world, { status }, 2);
      await test.drain(effects);
      expect(test.evictedUids()).toEqual(effects.map(({ object }) => object.uid));
    },
  );

  it('503 for ever ends the drain in time', async () => {
    await test.place('w-1', [deployment('api')]);
    const effects = await test.planned();
    refuseEvictions(test.world, { status: 503 }, -1);
    await expect(test.drain(effects, { input: { podTimeout: 30_000 } })).rejects.toMatchObject({
      code: 'drain_timeout',
    });
  });
});
