import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { budget, deployment } from '../manifests.ts';
import { mayOnly, READ } from '../may-only.ts';
import { type DrainWorld, startDrainWorld } from './drain-world.ts';

const EVICT = { apiGroups: [''], resources: ['pods/eviction'], verbs: ['create'] };
const RESTART = { apiGroups: ['apps'], resources: ['deployments'], verbs: ['patch'] };
const surge = { surge: true };

let test: DrainWorld;

beforeEach(async () => {
  test = await startDrainWorld();
});
afterEach(() => test.stop());

describe('the rights of a drain', () => {
  it('are to read, to evict and to patch Deployments, and no more', async () => {
    await test.place('w-1', [
      deployment('single'),
      deployment('pair', { replicas: 2 }),
      budget('pair', { maxUnavailable: 1 }),
    ]);
    mayOnly(test.world, READ, EVICT, RESTART);
    const { effects } = await test.planCordoned({ input: surge });
    await test.drain(effects, { input: surge });
    expect(await test.podsOn('w-1')).toEqual([]);
    expect(effects.map(({ verb }) => verb)).toEqual(['restart', 'evict', 'evict']);
  });

  it('without the one to patch Deployments: single pods are evicted, and the plan names what is missing', async () => {
    await test.place('w-1', [deployment('single')]);
    mayOnly(test.world, READ, EVICT);
    const { effects, warnings } = await test.planCordoned({ input: surge });
    const warning = warnings.find(({ code }) => code === 'single_replica');
    await test.drain(effects, { input: surge });
    expect(effects.map(({ verb }) => verb)).toEqual(['evict']);
    expect(warning?.text).toContain('is down from its eviction until its new pod is Ready');
    expect(warning?.text).toContain('cannot patch resource "deployments" in API group "apps"');
    expect(await test.podsOn('w-1')).toEqual([]);
  });

  it('without the one to evict: the plan is blocked, names it, and nothing can be accepted', async () => {
    await test.place('w-1', [deployment('pair', { replicas: 2 })]);
    mayOnly(test.world, READ, RESTART);
    const { blockers } = await test.planCordoned({ input: surge });
    expect(blockers).toMatchObject([
      {
        code: 'eviction_denied',
        text: expect.stringContaining('cannot create resource "pods/eviction"'),
      },
    ]);
    expect(blockers[0]?.exception).toBeUndefined();
  });
});
