import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DisruptionBudget } from '../../../src/kubernetes/resources/disruption-budget.ts';
import { barePod, budget, deployment } from '../manifests.ts';
import {
  type DrainWorld,
  exceptions,
  shortOfOne,
  startDrainWorld,
  unready,
  verdicts,
} from './drain-world.ts';

let test: DrainWorld;

beforeEach(async () => {
  test = await startDrainWorld();
});
afterEach(() => test.stop());

/** Until the disruption controller has seen the budget as it is. */
async function counted(name: string): Promise<void> {
  await vi.waitUntil(
    async () => {
      const { metadata, status } = await test.cluster.get(DisruptionBudget, {
        name,
        namespace: 'web',
      });
      return status.observedGeneration === metadata.generation;
    },
    { timeout: 5_000, interval: 20 },
  );
}

describe('a budget that can never allow it', () => {
  it.each([
    ['maxUnavailable 0', { maxUnavailable: 0 }],
    ['maxUnavailable 0%', { maxUnavailable: '0%' }],
    ['minAvailable 100%', { minAvailable: '100%' }],
    ['minAvailable as many as there are', { minAvailable: 2 }],
    ['a percentage that rounds up to all', { minAvailable: '51%' }],
  ])(
    '(%s) is said to be so beforehand, and its pods are left alone once that is accepted',
    async (_, spec) => {
      await test.place('w-1', [
        deployment('api', { replicas: 2 }),
        deployment('web'),
        budget('api', spec),
      ]);
      const plan = await test.planCordoned();
      const accepted = await test.plan({ accepted: ['leave-protected-pods'] });
      expect(verdicts(plan)).toEqual({ api: 'never', web: 'leaves now' });
      expect(exceptions(plan)).toEqual(['leave-protected-pods']);
      expect(accepted.blockers).toEqual([]);
      expect(accepted.effects.map(({ before }) => before)).toMatchObject([
        { owner: 'Deployment/web' },
      ]);
      expect(accepted.outputs).toMatchObject({ left: [expect.any(String), expect.any(String)] });
    },
  );

  it('(two budgets cover the pod, which the Eviction API answers with 500) names both', async () => {
    await test.place('w-1', [
      deployment('api', { replicas: 2 }),
      budget('one', { maxUnavailable: 1 }, 'api'),
      budget('two', { maxUnavailable: 1 }, 'api'),
    ]);
    const plan = await test.planCordoned();
    expect(verdicts(plan)).toEqual({ api: 'never' });
    expect(plan.blockers[0]?.text).toContain('web/one, web/two');
  });

  it('(SyncFailed: the owner of its pods has no scale that could be read) says why', async () => {
    const apiVersion = 'argoproj.io/v1alpha1';
    const owner = { apiVersion, kind: 'Rollout', name: 'tool', uid: 'r', controller: true };
    const metadata = { labels: { app: 'tool' }, ownerReferences: [owner] };
    await test.place('w-1', [barePod('tool', 'w-1', { metadata })]);
    test.world.apply(budget('tool', { maxUnavailable: 1 }));
    await counted('tool');
    const plan = await test.planCordoned();
    expect(verdicts(plan)).toEqual({ tool: 'never' });
    expect(plan.blockers[0]?.text).toContain('budget web/tool cannot be computed');
  });

  it.each([{ maxUnavailable: 1 }, { minAvailable: '50%' }])(
    '(%o over pods without a controller, which have no number to count from) says why',
    async (spec) => {
      const metadata = { labels: { app: 'tool' } };
      await test.place('w-1', [barePod('tool', 'w-1', { metadata })]);
      test.world.apply(budget('tool', spec));
      await counted('tool');
      const plan = await test.planCordoned({ accepted: ['bare-pods'] });
      expect(verdicts(plan)).toEqual({ tool: 'never' });
      expect(plan.blockers[0]?.text).toContain('counts no pod without a controller');
    },
  );
});

describe('a budget that does not allow it now', () => {
  it('(disruptionsAllowed 0) is waited for, with its numbers', async () => {
    await shortOfOne(test);
    const plan = await test.planCordoned();
    const line = plan.findings[0]?.lines.find(({ verdict }) => verdict === 'waits');
    expect(line?.detail).toContain('budget web/api: needs 2 healthy, has 2');
    expect(plan.blockers).toEqual([]);
    expect(plan.effects).toHaveLength(2);
  });

  it('lets only as many leave now as it allows at once', async () => {
    await test.place('w-1', [
      deployment('api', { replicas: 3 }),
      budget('api', { maxUnavailable: 1 }),
    ]);
    const plan = await test.planCordoned();
    const lines = plan.findings[0]?.lines.map(({ verdict }) => verdict);
    expect(lines).toEqual(['waits', 'waits', 'leaves now']);
    expect(plan.effects).toHaveLength(3);
  });
});

describe('a budget does not hold', () => {
  it.each([
    ['Pending', 'leaves now'],
    ['Succeeded', 'stays'],
    ['Failed', 'stays'],
  ])('a pod that is %s, even under two of them: it %s', async (phase, verdict) => {
    test.world.apply(budget('one', { maxUnavailable: 0 }, 'tool'));
    test.world.apply(budget('two', { maxUnavailable: 0 }, 'tool'));
    // A start that takes so long that it is still Pending.
    const metadata = {
      labels: { app: 'tool' },
      annotations: { 'simulation/start-factor': '100000' },
    };
    test.world.apply({ ...barePod('tool', 'w-1', { metadata }), status: { phase } });
    const plan = await test.planCordoned({ accepted: ['bare-pods'] });
    expect(verdicts(plan)).toEqual({ tool: verdict });
    expect(plan.blockers).toEqual([]);
  });

  it('a pod that is Terminating', async () => {
    test.world.apply(budget('tool', { maxUnavailable: 0 }));
    const deletionTimestamp = new Date().toISOString();
    const metadata = { labels: { app: 'tool' }, deletionTimestamp, finalizers: ['test/hold'] };
    test.world.apply(barePod('tool', 'w-1', { metadata }));
    expect(verdicts(await test.planCordoned())).toEqual({ tool: 'already leaving' });
  });
});

describe('an unready pod under a budget that is short of healthy ones', () => {
  it.each([
    ['AlwaysAllow', 'leaves now'],
    ['IfHealthyBudget', 'waits'],
    ['a policy that is not set', 'waits'],
    ['a policy that is not known', 'never'],
  ])('with %s: %s', async (policy, verdict) => {
    const written = {
      AlwaysAllow: 'AlwaysAllow',
      IfHealthyBudget: 'IfHealthyBudget',
      'a policy that is not known': 'OnTuesdays',
    }[policy];
    const spec = { minAvailable: 1, ...(written && { unhealthyPodEvictionPolicy: written }) };
    await test.place('w-1', [deployment('api', { replicas: 2 }), budget('api', spec)]);
    await unready(test, 'api');
    await test.budget('api', { currentHealthy: 0 });
    expect(verdicts(await test.planCordoned())).toEqual({ api: verdict });
  });

  it('that is kept without it goes with IfHealthyBudget', async () => {
    await test.place('w-1', [deployment('api'), budget('api', { minAvailable: 1 })]);
    await unready(test, 'api');
    await test.budget('api', { currentHealthy: 0 });
    test.world.apply(deployment('api', { replicas: 2 }));
    await test.budget('api', { currentHealthy: 1, disruptionsAllowed: 0, expectedPods: 2 });
    const [line] = (await test.planCordoned()).findings[0]?.lines ?? [];
    expect(line).toMatchObject({
      verdict: 'leaves now',
      detail: expect.stringContaining('it is not Ready, and budget web/api is kept without it'),
    });
  });
});

describe('the selector of a budget', () => {
  it('that is empty covers every pod of its namespace', async () => {
    const all = { ...budget('all', {}), spec: { maxUnavailable: '0%', selector: {} } };
    await test.place('w-1', [deployment('api', { replicas: 2 }), deployment('web')]);
    test.world.apply(all);
    await counted('all');
    expect(verdicts(await test.planCordoned())).toEqual({ api: 'never', web: 'never' });
  });

  it('that is absent covers none', async () => {
    await test.place('w-1', [deployment('api', { replicas: 2 })]);
    test.world.apply({ ...budget('none', {}), spec: { maxUnavailable: 0 } });
    expect(verdicts(await test.planCordoned())).toEqual({ api: 'leaves now' });
  });

  it('counts in its own namespace alone', async () => {
    await test.place('w-1', [deployment('api', { replicas: 2 })]);
    const { metadata, ...rest } = budget('api', { maxUnavailable: 0 });
    test.world.apply({ ...rest, metadata: { ...metadata, namespace: 'shop' } });
    expect(verdicts(await test.planCordoned())).toEqual({ api: 'leaves now' });
  });
});
