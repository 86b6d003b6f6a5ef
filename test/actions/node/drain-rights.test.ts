import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { budget, deployment } from '../manifests.ts';
import { type DrainWorld, startDrainWorld } from './drain-world.ts';

const READ = { apiGroups: ['*'], resources: ['*'], verbs: ['get', 'list', 'watch'] };
const EVICT = { apiGroups: [''], resources: ['pods/eviction'], verbs: ['create'] };
const RESTART = { apiGroups: ['apps'], resources: ['deployments'], verbs: ['patch'] };
const surge = { surge: true };

let test: DrainWorld;

beforeEach(async () => {
  test = await startDrainWorld();
});
afterEach(() => test.stop());

/** From now on the user of the tests' kubeconfig may do this alone. */
function may(...rules: readonly object[]): void {
  const apiVersion = 'rbac.authorization.k8s.io/v1';
  const apiGroup = 'rbac.authorization.k8s.io';
  test.world.apply({ apiVersion, kind: 'ClusterRole', metadata: { name: 'handrail' }, rules });
  test.world.apply({
    apiVersion,
    kind: 'ClusterRoleBinding',
    metadata: { name: 'handrail' },
    subjects: [{ apiGroup, kind: 'User', name: 'kr-admin' }],
    roleRef: { apiGroup, kind: 'ClusterRole', name: 'handrail' },
  });
}

describe('the rights of a drain', () => {
  it('are to read, to evict and to patch Deployments, and no more', async () => {
    await test.place('w-1', [
      deployment('single'),
      deployment('pair', { replicas: 2 }),
      budget('pair', { maxUnavailable: 1 }),
    ]);
    may(READ, EVICT, RESTART);
    const { effects } = await test.planCordoned({ input: surge });
    await test.drain(effects, { input: surge });
    expect(await test.podsOn('w-1')).toEqual([]);
    expect(effects.map(({ verb }) => verb)).toEqual(['restart', 'evict', 'evict']);
  });

  it('without the one to patch Deployments: single pods are evicted, and the plan names what is missing', async () => {
    await test.place('w-1', [deployment('single')]);
    may(READ, EVICT);
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
    may(READ, RESTART);
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
