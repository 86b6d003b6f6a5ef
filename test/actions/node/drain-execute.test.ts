import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { emptyMemory, toldTexts } from '../execute-context.ts';
import { barePod, budget, daemonSet, deployment } from '../manifests.ts';
import { type DrainWorld, fewestReady, shortOfOne, startDrainWorld } from './drain-world.ts';

const NUMBERS = 'budget web/api: needs 2 healthy, has 2';
let test: DrainWorld;

beforeEach(async () => {
  test = await startDrainWorld();
});
afterEach(() => test.stop());

describe('node/drain', () => {
  it('moves every pod that may leave, and leaves the rest where it is', async () => {
    test.world.apply(daemonSet('agent'));
    await test.place('w-1', [deployment('api', { replicas: 2 }), deployment('web')]);
    const outcome = await test.drain(await test.planned());
    const left = await test.podsOn('w-1');
    expect(
      left.map(
        ({
          metadata: {
            labels: { app },
          },
        }) => app,
      ),
    ).toEqual(['agent']);
    expect((await test.ready('api', 2)).every(({ spec }) => spec.nodeName !== 'w-1')).toBe(true);
    expect(outcome).toMatchObject({ changed: true, left: [] });
    expect(outcome.summary).toContain('3 pods evicted');
  });

  it('takes one pod of a workload at a time, and waits until it is whole again', async () => {
    await test.place('w-1', [deployment('api', { replicas: 3 })]);
    const effects = await test.planned();
    const fewest = await fewestReady(
      test,
      'api',
      test.drain(effects, { input: { maxParallel: 3 } }),
    );
    expect(fewest).toBe(2);
  });

  it('takes pods of several workloads side by side, each one after the other', async () => {
    await test.place('w-1', [
      deployment('api', { replicas: 2 }),
      deployment('web', { replicas: 2 }),
      deployment('zoo', { replicas: 2 }),
    ]);
    const effects = await test.planned();
    const names = new Map(effects.map(({ object }) => [object.uid, object.name.slice(0, 3)]));
    await test.drain(effects);
    const order = test.evictedUids().map((uid) => names.get(uid) ?? '');
    expect(order.slice(0, 3).toSorted()).toEqual(['api', 'web', 'zoo']);
    expect(order.toSorted()).toEqual(['api', 'api', 'web', 'web', 'zoo', 'zoo']);
  });

  it('never has both pods of a budget down, even when many may go at once', async () => {
    await test.place('w-1', [
      deployment('api', { replicas: 2 }),
      budget('api', { minAvailable: 1 }),
    ]);
    const effects = await test.planned();
    const fewest = await fewestReady(
      test,
      'api',
      test.drain(effects, { input: { maxParallel: 5 } }),
    );
    expect(fewest).toBe(1);
    await test.ready('api', 2);
  });

  it('waits for a budget, says so once for each pod with its numbers, and goes on when it recovers', async () => {
    await shortOfOne(test);
    const effects = await test.planned();
    const memory = emptyMemory();
    const draining = test.drain(effects, { memory });
    await vi.waitUntil(() => memory.progress.some(({ waiting }) => waiting?.includes(NUMBERS)));
    expect(test.evictedUids()).toEqual([]);
    test.uncordon('w-2');
    await draining;
    expect(await test.podsOn('w-1')).toEqual([]);
    const waits = toldTexts(memory).filter((text) => text.includes(NUMBERS));
    expect(waits.length).toBeGreaterThan(0);
    expect(new Set(waits).size).toBe(waits.length);
  });

  it('lets other pods go past one that waits for its budget, and gives up in time', async () => {
    await test.place('w-1', [deployment('zoo')]);
    await shortOfOne(test);
    const effects = await test.planned();
    await expect(test.drain(effects, { input: { podTimeout: 60_000 } })).rejects.toMatchObject({
      code: 'drain_timeout',
      message: expect.stringContaining(NUMBERS),
    });
    const left = (await test.podsOn('w-1')).map(
      ({
        metadata: {
          labels: { app },
        },
      }) => app,
    );
    expect(left).toEqual(['api', 'api']);
    await test.ready('zoo', 1);
  });

  it('stops at a budget that has come to allow nothing for ever', async () => {
    await test.place('w-1', [
      deployment('api', { replicas: 2 }),
      budget('api', { minAvailable: 1 }),
    ]);
    const effects = await test.planned();
    test.world.apply(budget('api', { maxUnavailable: 0 }));
    await test.budget('api', { disruptionsAllowed: 0 });
    await expect(test.drain(effects)).rejects.toMatchObject({ code: 'eviction_never' });
    expect(test.evictedUids()).toEqual([]);
  });

  it('leaves pods alone that came after the plan, and reports them', async () => {
    await test.place('w-1', [deployment('api')]);
    const effects = await test.planned();
    test.world.apply({ ...barePod('late', 'w-1') });
    const memory = emptyMemory();
    const outcome = await test.drain(effects, { memory });
    expect((await test.podsOn('w-1')).map(({ metadata }) => metadata.name)).toEqual(['late']);
    expect(outcome.left).toEqual([expect.stringContaining('web/late')]);
    expect(toldTexts(memory).join()).toContain('came after the plan');
  });

  it('stops when somebody lifts the cordon', async () => {
    await test.place('w-1', [deployment('api')]);
    const effects = await test.planned();
    const node = test.world.get('Node', 'w-1');
    if (node === undefined) throw new Error('no node');
    test.world.apply({ ...node, spec: {} });
    await expect(test.drain(effects)).rejects.toMatchObject({ code: 'node_not_cordoned' });
    expect(test.evictedUids()).toEqual([]);
  });

  it('stops between evictions when asked to', async () => {
    await test.place('w-1', [deployment('api'), deployment('web'), deployment('zoo')]);
    const effects = await test.planned();
    const stopped = () => test.evictedUids().length > 0;
    const draining = test.drain(effects, { stopped, input: { maxParallel: 1 } });
    await expect(draining).rejects.toMatchObject({ code: 'run_stopped' });
    expect(test.evictedUids()).toHaveLength(1);
  });

  it('stops while it waits for a budget when asked to', async () => {
    await shortOfOne(test);
    const effects = await test.planned();
    const memory = emptyMemory();
    const stopped = () => memory.progress.some(({ waiting }) => waiting?.includes(NUMBERS));
    const draining = test.drain(effects, { memory, stopped });
    await expect(draining).rejects.toMatchObject({ code: 'run_stopped' });
    expect(test.evictedUids()).toEqual([]);
  });

  it('stops where a workload does not recover, and says what the scheduler says', async () => {
    await test.place('w-1', [deployment('api'), deployment('zoo')]);
    const effects = await test.planned();
    test.cordon('w-2');
    test.cordon('w-3');
    const input = { podTimeout: 30_000, maxParallel: 1 };
    await expect(test.drain(effects, { input })).rejects.toMatchObject({
      code: 'workload_not_recovered',
      message: expect.stringMatching(/has 0 of 1 ready.*finds no node/),
    });
    expect(test.evictedUids()).toHaveLength(1);
  });

  it('asks no more ready pods of a workload than it had before', async () => {
    const rollingUpdate = { maxUnavailable: 1, maxSurge: 0 };
    const spec = { strategy: { type: 'RollingUpdate', rollingUpdate } };
    await test.place('w-1', [deployment('api', { replicas: 3, spec })]);
    const annotations = { 'simulation/start-factor': '100000' };
    test.world.apply(deployment('api', { replicas: 3, spec, template: { annotations } }));
    await test.ready('api', 2);
    const effects = await test.planned();
    await test.drain(effects);
    const ready = await test.ready('api', 2);
    expect(ready.every(({ spec: { nodeName } }) => nodeName !== 'w-1')).toBe(true);
  });
});
