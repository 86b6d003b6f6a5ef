import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { budget, deployment, statefulSet } from '../manifests.ts';
import { type DrainWorld, startDrainWorld } from './drain-world.ts';

let test: DrainWorld;

beforeEach(async () => {
  test = await startDrainWorld();
});
afterEach(() => test.stop());

describe('node/drain plan', () => {
  it('asks for a cordon where neither an earlier step nor anybody else gives one', async () => {
    const plan = await test.plan();
    expect(plan.blockers).toMatchObject([{ code: 'node_not_cordoned' }]);
    expect(plan.blockers[0]?.exception).toBeUndefined();
  });

  it('counts on a cordon that an earlier step plans', async () => {
    const uid = test.world.get('Node', 'w-1')?.metadata.uid ?? '';
    const cordon = {
      verb: 'cordon',
      object: { kind: 'Node', name: 'w-1', uid },
      before: {},
      after: {},
      risk: 'reversible',
    } as const;
    expect((await test.plan({ earlier: [cordon] })).blockers).toEqual([]);
  });

  it('evicts pods by UID, with node, owner and budget, and changes nothing while planning', async () => {
    await test.place('w-1', [
      deployment('api', { replicas: 2 }),
      budget('api', { maxUnavailable: 1 }),
    ]);
    const before = test.world.list('Pod').map(({ metadata }) => metadata.resourceVersion);
    const plan = await test.planCordoned();
    const pods = await test.podsOn('w-1');
    expect(plan.effects.map(({ object }) => object.uid).toSorted()).toEqual(
      pods.map(({ metadata }) => metadata.uid).toSorted(),
    );
    expect(plan.effects[0]).toMatchObject({
      verb: 'evict',
      risk: 'destructive',
      before: { node: 'w-1', owner: 'Deployment/api', budget: 'web/api' },
      after: { recreatedBy: 'Deployment/api' },
    });
    expect(test.world.list('Pod').map(({ metadata }) => metadata.resourceVersion)).toEqual(before);
    expect(test.evictedUids()).toEqual([]);
  });

  it('plans the same effects again while nothing has changed', async () => {
    await test.place('w-1', [
      deployment('api', { replicas: 2 }),
      budget('api', { maxUnavailable: 1 }),
    ]);
    const first = await test.planCordoned();
    const second = await test.plan();
    expect(second.effects).toEqual(first.effects);
  });

  it('gives StatefulSet pods an owner and lets them leave', async () => {
    await test.place('w-1', [statefulSet('db', { replicas: 2 })]);
    const plan = await test.planCordoned();
    expect(plan.effects.map(({ before }) => before)).toMatchObject([
      { owner: 'StatefulSet/db' },
      { owner: 'StatefulSet/db' },
    ]);
  });
});
