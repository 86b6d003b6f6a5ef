import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Effect } from '../../../src/actions/action.ts';
import { emptyMemory } from '../execute-context.ts';
import { budget, deployment } from '../manifests.ts';
import { type DrainWorld, startDrainWorld } from './drain-world.ts';

let test: DrainWorld;

beforeEach(async () => {
  test = await startDrainWorld();
});
afterEach(() => test.stop());

/** As they stand in `test.evictedUids()` when each was evicted once. */
function uidsOf(effects: readonly Effect[]): string[] {
  return effects.map(({ object }) => object.uid).toSorted();
}

describe('node/drain, interrupted', () => {
  it('evicts no pod twice when the answer of an eviction was lost', async () => {
    await test.place('w-1', [
      deployment('api', { replicas: 2 }),
      budget('api', { maxUnavailable: 1 }),
    ]);
    const effects = await test.planned();
    let lost = 0;
    test.world.faults = [
      ({ path, dryRun }) => {
        if (!path.endsWith('/eviction') || dryRun || lost > 0) return undefined;
        lost += 1;
        return { reset: 'after' };
      },
    ];
    await test.drain(effects);
    expect(lost).toBe(1);
    expect(test.evictedUids().toSorted()).toEqual(uidsOf(effects));
    expect(await test.podsOn('w-1')).toEqual([]);
  });

  it('asks again when an eviction did not arrive', async () => {
    await test.place('w-1', [deployment('api')]);
    const effects = await test.planned();
    let cut = 0;
    test.world.faults = [
      ({ path, dryRun }) => {
        if (!path.endsWith('/eviction') || dryRun || cut > 0) return undefined;
        cut += 1;
        return { reset: 'before' };
      },
    ];
    await test.drain(effects);
    expect(test.evictedUids().toSorted()).toEqual(uidsOf(effects));
  });

  it('goes on where it was stopped half-way, and evicts each pod once', async () => {
    await test.place('w-1', [
      deployment('api', { replicas: 2 }),
      deployment('web'),
      deployment('zoo'),
    ]);
    const effects = await test.planned();
    const memory = emptyMemory();
    const stopped = () => test.evictedUids().length >= 2;
    await expect(test.drain(effects, { memory, stopped })).rejects.toMatchObject({
      code: 'run_stopped',
    });
    const outcome = await test.drain(effects, { memory });
    expect(test.evictedUids().toSorted()).toEqual(uidsOf(effects));
    expect(outcome.summary).toContain('4 pods evicted');
    expect(await test.podsOn('w-1')).toEqual([]);
  });

  it('settles each eviction by looking when the process dies right after it', async () => {
    await test.place('w-1', [
      deployment('api', { replicas: 2 }),
      budget('api', { maxUnavailable: 1 }),
    ]);
    const effects = await test.planned();
    const memory = emptyMemory();
    for (const { object } of effects) {
      const diesAfter = ({ object: { uid } }: { object: { uid: string } }) => uid === object.uid;
      await expect(test.drain(effects, { memory, diesAfter })).rejects.toMatchObject({
        code: 'process_died',
      });
    }
    await test.drain(effects, { memory });
    expect(test.evictedUids().toSorted()).toEqual(uidsOf(effects));
    expect([...memory.journal.values()].map(({ status }) => status)).toEqual(['done', 'done']);
    await test.ready('api', 2);
  });

  it('has nothing to do when everything was done before', async () => {
    await test.place('w-1', [deployment('api')]);
    const effects = await test.planned();
    const memory = emptyMemory();
    await test.drain(effects, { memory });
    await test.drain(effects, { memory });
    expect(test.evictedUids().toSorted()).toEqual(uidsOf(effects));
  });
});
