import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { barePod, budget, deployment } from '../manifests.ts';
import { type DrainWorld, startDrainWorld } from './drain-world.ts';

let test: DrainWorld;

beforeEach(async () => {
  test = await startDrainWorld();
});
afterEach(() => test.stop());

async function planned(options?: Parameters<DrainWorld['plan']>[0]) {
  test.cordon('w-1');
  return (await test.plan(options)).effects;
}

function evictionCalls() {
  return test.world.requests.filter(({ path, dryRun }) => path.endsWith('/eviction') && !dryRun);
}

/** Answers evictions so, dry runs excepted, as often as given. */
function refuseEvictions(answer: { status: number; retryAfter?: number }, times: number) {
  let left = times;
  test.world.faults = [
    ({ path, dryRun }) => {
      if (!path.endsWith('/eviction') || dryRun || left === 0) return undefined;
      left -= 1;
      return answer;
    },
  ];
}

/** Just before the first eviction is handled. */
function beforeEviction(happens: () => void) {
  let happened = false;
  test.world.faults = [
    ({ path, dryRun }) => {
      if (path.endsWith('/eviction') && !dryRun && !happened) {
        happened = true;
        happens();
      }
      return undefined;
    },
  ];
}

/** As if somebody else had just evicted a pod that is still there. */
function chargeBudget(name: string, pod: string): void {
  const found = test.world.get('PodDisruptionBudget', name, 'web');
  if (found === undefined) throw new Error('no budget');
  const { status } = found as { status?: object };
  const disruptedPods = { [pod]: new Date().toISOString() };
  test.world.apply({ ...found, status: { ...status, disruptionsAllowed: 0, disruptedPods } });
}

describe('an eviction that is answered', () => {
  it('403 by an admission webhook or for want of rights is not asked for again: the drain stops', async () => {
    await test.place('w-1', [deployment('api')]);
    const effects = await planned();
    refuseEvictions({ status: 403 }, 1);
    await expect(test.drain(effects)).rejects.toMatchObject({ code: 'eviction_refused' });
    expect(test.evictedUids()).toEqual([]);
  });

  it('403, its namespace going away, is waited out', async () => {
    await test.place('w-1', [barePod('tool', 'w-1')]);
    const effects = await planned({ accepted: ['bare-pods'] });
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

  it('404, the pod having gone meanwhile, is done', async () => {
    await test.place('w-1', [barePod('tool', 'w-1')]);
    const effects = await planned({ accepted: ['bare-pods'] });
    beforeEviction(() => test.world.remove('Pod', 'tool', 'web'));
    expect(await test.drain(effects)).toMatchObject({ changed: false, left: [] });
  });

  it('429 by priority and fairness is asked for again when its Retry-After is over, not before', async () => {
    await test.place('w-1', [deployment('api')]);
    const effects = await planned();
    refuseEvictions({ status: 429, retryAfter: 20 }, 1);
    await test.drain(effects);
    const [first, second] = evictionCalls();
    // 20 s, at forty times the speed.
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThan(490);
    expect(test.evictedUids()).toEqual(effects.map(({ object }) => object.uid));
  });

  it('429 by a budget, which says no Retry-After, is asked for again once the budget has room', async () => {
    await test.place('w-1', [
      deployment('api', { replicas: 2 }),
      budget('api', { minAvailable: 1 }),
    ]);
    const effects = await planned();
    // It has room when it is looked at, and none any more when the eviction comes.
    beforeEviction(() => chargeBudget('api', effects[1]?.object.name ?? ''));
    await test.drain(effects);
    expect(evictionCalls().map(({ status }) => status)).toContain(429);
    expect(test.evictedUids().toSorted()).toEqual(
      effects.map(({ object }) => object.uid).toSorted(),
    );
  });

  it('500, two budgets covering the pod, is not asked for again: the drain stops', async () => {
    await test.place('w-1', [
      deployment('api', { replicas: 2 }),
      budget('api', { maxUnavailable: 1 }),
    ]);
    const effects = await planned();
    beforeEviction(() => test.world.apply(budget('second', { maxUnavailable: 1 }, 'api')));
    await expect(test.drain(effects)).rejects.toMatchObject({
      code: 'eviction_never',
      message: expect.stringContaining('more than one disruption budget covers it'),
    });
    expect(evictionCalls().map(({ status }) => status)).toEqual([500]);
  });

  it.each([500, 503, 504])(
    '%d, the API server having failed, is asked for again',
    async (status) => {
      await test.place('w-1', [deployment('api')]);
      const effects = await planned();
      refuseEvictions({ status }, 2);
      await test.drain(effects);
      expect(test.evictedUids()).toEqual(effects.map(({ object }) => object.uid));
    },
  );

  it('503 for ever ends the drain in time', async () => {
    await test.place('w-1', [deployment('api')]);
    const effects = await planned();
    refuseEvictions({ status: 503 }, -1);
    await expect(test.drain(effects, { input: { podTimeout: 30_000 } })).rejects.toMatchObject({
      code: 'drain_timeout',
    });
  });
});

describe('a budget', () => {
  it('that has come to cover a pod beside another is seen before anything is asked', async () => {
    await test.place('w-1', [
      deployment('api', { replicas: 2 }),
      budget('api', { maxUnavailable: 1 }),
    ]);
    const effects = await planned();
    test.world.apply(budget('second', { maxUnavailable: 1 }, 'api'));
    await expect(test.drain(effects)).rejects.toMatchObject({ code: 'eviction_never' });
    expect(evictionCalls()).toEqual([]);
  });

  it('is not taken for recovered while it has not counted the last eviction: none is refused', async () => {
    await test.place('w-1', [
      deployment('api', { replicas: 2 }),
      budget('api', { maxUnavailable: 1 }),
    ]);
    const effects = await planned();
    await test.drain(effects);
    expect(evictionCalls().filter(({ status }) => status === 429)).toEqual([]);
  });
});
