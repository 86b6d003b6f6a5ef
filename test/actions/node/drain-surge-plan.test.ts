import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { inEnglish } from '../../../src/language/translate.ts';
import { budget, claim, deployment, service, statefulSet, volume } from '../manifests.ts';
import { type DrainWorld, exceptions, startDrainWorld, unready, verdicts } from './drain-world.ts';

let test: DrainWorld;

beforeEach(async () => {
  test = await startDrainWorld();
});
afterEach(() => test.stop());

function planSurge(options: Parameters<DrainWorld['plan']>[0] = {}) {
  return test.planCordoned({ ...options, input: { surge: true } });
}

const mounted = {
  pod: { volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }] },
};

describe('node/drain plan of single replicas', () => {
  it('restarts a Deployment with one pod instead of evicting it, by its UID', async () => {
    await test.place('w-1', [deployment('single'), deployment('pair', { replicas: 2 })]);
    const plan = await planSurge();
    const [pod] = await test.ready('single', 1);
    expect(verdicts(plan)).toEqual({ single: 'leaves by restart', pair: 'leaves now' });
    expect(plan.effects.map(({ verb }) => verb)).toEqual(['restart', 'evict', 'evict']);
    expect(plan.effects[0]).toMatchObject({
      object: {
        kind: 'Deployment',
        namespace: 'web',
        name: 'single',
        uid: test.world.get('Deployment', 'single', 'web')?.metadata.uid,
      },
      before: {
        node: 'w-1',
        pods: [{ name: pod?.metadata.name, uid: pod?.metadata.uid }],
      },
      risk: 'destructive',
    });
    expect(plan.summary).toBe(
      'restart 1 Deployment with one pod, then evict 2 pods from w-1, one at a time',
    );
    expect(plan.warnings.map(({ code }) => code)).not.toContain('single_replica');
  });

  it('plans the same effects again while nothing has changed, and changes nothing itself', async () => {
    await test.place('w-1', [deployment('api')]);
    const before = test.world.get('Deployment', 'api', 'web')?.metadata.generation;
    const first = await planSurge();
    const second = await planSurge();
    expect(second.effects).toEqual(first.effects);
    expect(test.world.get('Deployment', 'api', 'web')?.metadata.generation).toBe(before);
  });

  it.each([
    ['minAvailable 1', { minAvailable: 1 }],
    ['minAvailable 100%', { minAvailable: '100%' }],
    ['maxUnavailable 0', { maxUnavailable: 0 }],
  ])(
    'moves a pod that a budget with %s never lets be evicted, and says how the budget is kept',
    async (_, spec) => {
      await test.place('w-1', [deployment('api'), budget('api', spec)]);
      const plan = await planSurge();
      expect(plan.blockers).toEqual([]);
      expect(plan.effects).toMatchObject([{ verb: 'restart', before: { budgets: ['web/api'] } }]);
      expect(plan.warnings).toMatchObject([
        {
          code: 'moved_by_restart',
          text: expect.stringMatching(/can never be evicted \(budget web\/api .*at no time/),
        },
      ]);
    },
  );

  it.each([
    ['strategy Recreate', { strategy: { type: 'Recreate' } }, 'its strategy is Recreate'],
    ['a paused rollout', { paused: true }, 'its rollouts are paused'],
    [
      'maxUnavailable 1',
      { strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: 1 } } },
      'its maxUnavailable is 1, so its old pod goes first',
    ],
    [
      'maxUnavailable 100%',
      { strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '100%' } } },
      'its maxUnavailable is 100%, so its old pod goes first',
    ],
    [
      'maxSurge 0',
      { strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: '0%' } } },
      'its maxSurge is 0%, so it makes no second pod',
    ],
  ])('evicts with an outage, and says why, a single pod with %s', async (_, spec, why) => {
    await test.place('w-1', [deployment('api')]);
    test.world.apply(deployment('api', { spec }));
    const plan = await planSurge();
    expect(plan.effects.map(({ verb }) => verb)).toEqual(['evict']);
    const warning = plan.warnings.find(({ code }) => code === 'single_replica');
    expect(warning?.text).toContain('is down from its eviction until its new pod is Ready');
    expect(warning?.text).toContain(why);
  });

  it('says with a budget that never allows it why no new pod can come first', async () => {
    const spec = { strategy: { type: 'Recreate' } };
    await test.place('w-1', [deployment('api', { spec }), budget('api', { minAvailable: 1 })]);
    const plan = await planSurge();
    expect(exceptions(plan)).toEqual(['leave-protected-pods']);
    expect(plan.blockers[0]?.text).toContain('its strategy is Recreate');
    expect(plan.effects).toEqual([]);
  });

  it.each([
    ['ReadWriteOnce', 'evict'],
    ['ReadWriteOncePod', 'evict'],
    ['ReadWriteMany', 'restart'],
  ])('plans for a single pod with a %s volume: %s', async (mode, verb) => {
    for (const manifest of [volume({}, [mode]), claim([mode])]) test.world.apply(manifest);
    await test.place('w-1', [deployment('api', mounted)]);
    const plan = await planSurge();
    expect(plan.effects.map((effect) => effect.verb)).toEqual([verb]);
    const texts = plan.warnings.map(({ text }) => text).join();
    expect(texts.includes('its volume data can be on one node at a time')).toBe(verb === 'evict');
  });

  it('evicts with an outage where the step is told not to surge', async () => {
    await test.place('w-1', [deployment('api')]);
    test.cordon('w-1');
    const plan = await test.plan({ input: { surge: false } });
    expect(plan.effects.map(({ verb }) => verb)).toEqual(['evict']);
    expect(plan.warnings[0]?.text).toContain('`surge: false`');
  });

  it('leaves StatefulSets to eviction: they have no second pod of a name', async () => {
    await test.place('w-1', [statefulSet('db')]);
    const plan = await planSurge();
    expect(plan.effects.map(({ verb }) => verb)).toEqual(['evict']);
  });

  it('evicts a single pod that does not serve: there is no outage to spare', async () => {
    await test.place('w-1', [deployment('api')]);
    await unready(test, 'api');
    const plan = await planSurge();
    expect(plan.effects.map(({ verb }) => verb)).toEqual(['evict']);
  });

  it('asks first where the restart costs data or a mark forbids it, and restarts once accepted', async () => {
    const pod = { volumes: [{ name: 'cache', emptyDir: {} }] };
    await test.place('w-1', [
      deployment('api', {
        pod,
        template: { annotations: { 'karpenter.sh/do-not-disrupt': 'true' } },
      }),
      budget('api', { minAvailable: 1 }),
    ]);
    const plan = await planSurge();
    expect(exceptions(plan).toSorted()).toEqual(['do-not-disrupt', 'local-data']);
    expect(plan.effects).toEqual([]);
    const accepted = await planSurge({ accepted: ['do-not-disrupt', 'local-data'] });
    expect(accepted.effects.map(({ verb }) => verb)).toEqual(['restart']);
    expect(accepted.warnings[0]?.text).toContain('leaves by a restart, as accepted');
  });

  it.each([
    [
      'Argo CD',
      { annotations: { 'argocd.argoproj.io/tracking-id': 'shop:apps/Deployment:web/api' } },
    ],
    ['Flux', { labels: { 'kustomize.toolkit.fluxcd.io/name': 'shop' } }],
    ['Flux', { labels: { 'helm.toolkit.fluxcd.io/name': 'shop' } }],
    [
      undefined,
      { annotations: { 'argocd.argoproj.io/tracking-id': 'shop:apps/Deployment:web/old' } },
    ],
    [undefined, { labels: { 'app.kubernetes.io/instance': 'shop' } }],
  ])('says that a Deployment is kept by %s where it is: %o', async (tool, marks) => {
    const manifest = deployment('api');
    await test.place('w-1', [{ ...manifest, metadata: { ...manifest.metadata, ...marks } }]);
    const plan = await planSurge();
    expect(plan.effects.map(({ verb }) => verb)).toEqual(['restart']);
    const texts = plan.warnings.filter(({ code }) => code === 'gitops_managed');
    expect(texts.map(({ text }) => /kept by (\w+(?: CD)?)/.exec(inEnglish(text))?.[1])).toEqual(
      tool === undefined ? [] : [tool],
    );
  });

  it('costs the service tile of the pod no endpoint', async () => {
    await test.place('w-1', [deployment('api'), service('api')]);
    const tiles = [{ name: 'console', services: ['web/api'] }];
    expect((await planSurge({ facts: { tiles } })).tiles).toEqual([]);
  });
});
