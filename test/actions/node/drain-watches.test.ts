import { afterEach, describe, expect, it } from 'vitest';
import type { FaultRule } from '../../../src/demo/cluster/api/fault.ts';
import { budget, deployment, statefulSet } from '../manifests.ts';
import { type DrainWorld, fewestReady, startDrainWorld } from './drain-world.ts';

const SILENCE = { watch: 'silence', afterEvents: 0 } as const;
/** Longer than a pod takes to be replaced: its Deployment is whole again before the budget knows that it was not. */
const SLOW_BUDGETS = { budgetDelayMs: 400 };
/** Longer than a drain goes by what it knows without a fresh look. */
const SLOW_PODS = { podStartMs: 400 };
let test: DrainWorld;

afterEach(() => test.stop());

/** Silences the watches of one resource, of those that ask for some labels only. */
function silenceOf(plural: string, label = ''): FaultRule {
  return ({ path, query, watch }) => {
    const selected = query.get('labelSelector') ?? '';
    return watch && path.endsWith(`/${plural}`) && selected.includes(label) ? SILENCE : undefined;
  };
}

/** Answers of 429: a budget was asked for more than it allows. */
function refusals(): number {
  return test.world.requests.filter(
    ({ path, dryRun, status }) => path.endsWith('/eviction') && !dryRun && status === 429,
  ).length;
}

describe('node/drain, while watches fail', () => {
  it.each([
    ['go silent', SILENCE],
    ['are cut off again and again', { watch: 'reset', afterEvents: 1 }],
    ['break within a line', { watch: 'half-line', afterEvents: 1 }],
    ['are refused', { status: 403 }],
  ] as const)(
    'evicts each pod once, one of a workload at a time, where all %s',
    async (_, fault) => {
      test = await startDrainWorld();
      await test.place('w-1', [
        deployment('api', { replicas: 3 }),
        statefulSet('db', { replicas: 2 }),
        budget('db', { maxUnavailable: 1 }),
      ]);
      const effects = await test.planned();
      test.world.faults = [({ watch }) => (watch ? fault : undefined)];
      expect(await fewestReady(test, 'api', test.drain(effects))).toBe(2);
      expect(test.evictedUids().toSorted()).toEqual(
        effects.map(({ object }) => object.uid).toSorted(),
      );
      expect(await test.podsOn('w-1')).toEqual([]);
    },
  );

  it('goes on where history is forgotten while it is cut off', async () => {
    test = await startDrainWorld();
    await test.place('w-1', [
      deployment('api', { replicas: 3 }),
      budget('api', { maxUnavailable: 1 }),
    ]);
    const effects = await test.planned();
    test.world.faults = [
      ({ path, watch }) => {
        if (path.endsWith('/eviction')) test.world.compactHistory();
        return watch ? { watch: 'reset', afterEvents: 1 } : undefined;
      },
    ];
    expect(await fewestReady(test, 'api', test.drain(effects))).toBe(2);
    expect(await test.podsOn('w-1')).toEqual([]);
  });

  it('does not take a workload for whole by what it knew before the eviction', async () => {
    test = await startDrainWorld();
    await test.place('w-1', [deployment('api', { replicas: 3 })]);
    const effects = await test.planned();
    test.world.faults = [silenceOf('pods', 'app=api')];
    expect(await fewestReady(test, 'api', test.drain(effects))).toBe(2);
  });

  it('does not take a budget for whole by what it knew before the eviction', async () => {
    test = await startDrainWorld(SLOW_BUDGETS);
    await test.place('w-1', [
      deployment('api', { replicas: 2 }),
      budget('api', { maxUnavailable: 1 }),
    ]);
    const effects = await test.planned();
    test.world.faults = [silenceOf('poddisruptionbudgets')];
    await test.drain(effects);
    expect(refusals()).toBe(0);
    expect(await test.podsOn('w-1')).toEqual([]);
  });

  it('sees that the cordon was lifted though its watch of the node is silent', async () => {
    test = await startDrainWorld(SLOW_PODS);
    await test.place('w-1', [deployment('api', { replicas: 3 })]);
    const effects = await test.planned();
    test.world.faults = [
      silenceOf('nodes'),
      ({ path, dryRun }) => {
        if (path.endsWith('/eviction') && !dryRun) test.uncordon('w-1');
        return undefined;
      },
    ];
    await expect(test.drain(effects)).rejects.toMatchObject({ code: 'node_not_cordoned' });
    expect(test.evictedUids().length).toBeLessThan(3);
  });
});
