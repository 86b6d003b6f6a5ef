import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { emptyMemory } from '../execute-context.ts';
import { budget, statefulSet } from '../manifests.ts';
import { type DrainWorld, startDrainWorld } from './drain-world.ts';
import { evictionCalls } from './eviction-faults.ts';

let test: DrainWorld;

beforeEach(async () => {
  test = await startDrainWorld();
});
afterEach(() => test.stop());

describe('a pod with the name of one that was to be evicted, and another UID', () => {
  it('is left alone, and its budget is not charged: a failed UID precondition would be', async () => {
    await test.place('w-1', [
      statefulSet('db', { replicas: 2 }),
      budget('db', { maxUnavailable: 1 }),
    ]);
    const effects = await test.planned();
    const stale = effects.map((effect) => ({
      ...effect,
      object: { ...effect.object, uid: `${effect.object.uid}-old` },
    }));
    const outcome = await test.drain(stale);
    expect(outcome).toMatchObject({ changed: false });
    expect(evictionCalls(test.world)).toEqual([]);
    await test.budget('db', { disruptionsAllowed: 1 });
    expect(await test.podsOn('w-1')).toHaveLength(2);
  });

  it('counts as gone: the StatefulSet pod that came in its place is not evicted again', async () => {
    await test.place('w-1', [statefulSet('db', { replicas: 2 })]);
    const effects = await test.planned();
    const memory = emptyMemory();
    for (const { object } of effects) {
      const diesAfter = ({ object: { uid } }: { object: { uid: string } }) => uid === object.uid;
      await test.drain(effects, { memory, diesAfter }).catch(() => undefined);
    }
    await test.drain(effects, { memory });
    const evicted = test.evictedUids();
    expect(evicted.toSorted()).toEqual(effects.map(({ object }) => object.uid).toSorted());
    expect((await test.ready('db', 2)).every(({ spec }) => spec.nodeName !== 'w-1')).toBe(true);
  });

  it('that is there when the eviction is asked for again is not asked for', async () => {
    await test.place('w-1', [statefulSet('db')]);
    const effects = await test.planned();
    let replaced = false;
    test.world.faults = [
      ({ path, dryRun }) => {
        if (!path.endsWith('/eviction') || dryRun || replaced) return undefined;
        replaced = true;
        test.world.remove('Pod', 'db-0', 'web');
        return { status: 500 };
      },
    ];
    await test.drain(effects);
    expect(replaced).toBe(true);
    expect(evictionCalls(test.world)).toHaveLength(1);
    await test.ready('db', 1);
  });
});
