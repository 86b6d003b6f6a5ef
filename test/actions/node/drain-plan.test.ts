import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { barePod, budget, daemonSet, deployment, statefulSet } from '../manifests.ts';
import {
  type DrainWorld,
  evicted,
  exceptions,
  shortOfOne,
  startDrainWorld,
  verdicts,
} from './drain-world.ts';

let test: DrainWorld;

beforeEach(async () => {
  test = await startDrainWorld();
});
afterEach(() => test.stop());

/** Cordoned as a step before the drain would leave it. */
function planCordoned(options?: Parameters<DrainWorld['plan']>[0]) {
  test.cordon('w-1');
  return test.plan(options);
}

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
    const plan = await planCordoned();
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
    const first = await planCordoned();
    const second = await test.plan();
    expect(second.effects).toEqual(first.effects);
  });

  it('leaves DaemonSet, static and finished pods where they are', async () => {
    test.world.apply(daemonSet('agent'));
    const mirror = { annotations: { 'kubernetes.io/config.mirror': 'x' } };
    await test.place('w-1', [deployment('api')]);
    test.world.apply(barePod('static', 'w-1', { metadata: mirror }));
    test.world.apply({ ...barePod('done', 'w-1'), status: { phase: 'Succeeded' } });
    const plan = await planCordoned();
    expect(verdicts(plan)).toMatchObject({
      static: 'stays',
      done: 'stays',
      api: 'leaves now',
      agent: 'stays',
    });
    expect(evicted(plan)).toHaveLength(1);
  });

  it('asks before it evicts a pod that nothing recreates, and evicts it once that is accepted', async () => {
    await test.place('w-1', [barePod('tool', 'w-1')]);
    const plan = await planCordoned();
    const accepted = await test.plan({ accepted: ['bare-pods'] });
    expect(verdicts(plan)).toEqual({ tool: 'needs a decision' });
    expect(exceptions(plan)).toEqual(['bare-pods']);
    expect(plan.effects).toEqual([]);
    expect(evicted(accepted)).toEqual(['tool']);
    expect(accepted.effects[0]?.after).toEqual({ recreatedBy: 'nothing' });
    expect(accepted.warnings[0]?.text).toBe(
      'web/tool is evicted, as accepted: it has no controller: nothing will recreate it.',
    );
  });

  it('asks before emptyDir data is lost, and only warns of memory-backed ones', async () => {
    const disk = { volumes: [{ name: 'cache', emptyDir: {} }] };
    const memory = { volumes: [{ name: 'shm', emptyDir: { medium: 'Memory' } }] };
    await test.place('w-1', [
      deployment('disk', { pod: disk }),
      deployment('ram', { pod: memory }),
    ]);
    const plan = await planCordoned();
    expect(verdicts(plan)).toEqual({ disk: 'needs a decision', ram: 'leaves now' });
    expect(exceptions(plan)).toEqual(['local-data']);
    expect(plan.warnings.map(({ text }) => text).join()).toContain('memory-backed emptyDir shm');
    expect((await test.plan({ accepted: ['local-data'] })).effects).toHaveLength(2);
  });

  it.each([
    ['annotations karpenter.sh/do-not-disrupt true', 'needs a decision'],
    ['annotations karpenter.sh/do-not-disrupt 10h', 'needs a decision'],
    ['annotations karpenter.sh/do-not-disrupt 1ms', 'leaves now'],
    ['annotations cluster-autoscaler.kubernetes.io/safe-to-evict false', 'needs a decision'],
    ['labels cluster.x-k8s.io/drain skip', 'needs a decision'],
    ['labels cluster.x-k8s.io/drain wait-completed', 'needs a decision'],
  ])('reads %s as: %s', async (mark, verdict) => {
    const [where = '', key = '', value = ''] = mark.split(' ');
    await test.place('w-1', [deployment('api', { template: { [where]: { [key]: value } } })]);
    const plan = await planCordoned();
    expect(verdicts(plan)).toEqual({ api: verdict });
    expect((await test.plan({ accepted: ['do-not-disrupt'] })).effects).toHaveLength(1);
  });

  it.each([
    ['maxUnavailable 0', { maxUnavailable: 0 }],
    ['maxUnavailable 0%', { maxUnavailable: '0%' }],
    ['minAvailable 100%', { minAvailable: '100%' }],
    ['minAvailable as many as there are', { minAvailable: 2 }],
    ['a percentage that rounds up to all', { minAvailable: '51%' }],
  ])(
    'says never to a budget with %s, and leaves the pods alone once that is accepted',
    async (_, spec) => {
      await test.place('w-1', [
        deployment('api', { replicas: 2 }),
        deployment('web'),
        budget('api', spec),
      ]);
      const plan = await planCordoned();
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

  it('says never to a pod under two budgets', async () => {
    await test.place('w-1', [
      deployment('api', { replicas: 2 }),
      budget('one', { maxUnavailable: 1 }, 'api'),
      budget('two', { maxUnavailable: 1 }, 'api'),
    ]);
    const plan = await planCordoned();
    expect(verdicts(plan)).toEqual({ api: 'never' });
    expect(plan.blockers[0]?.text).toContain('web/one, web/two');
  });

  it('says waits, with the numbers, where a budget does not allow it now but will', async () => {
    await shortOfOne(test);
    const plan = await planCordoned();
    const line = plan.findings[0]?.lines.find(({ verdict }) => verdict === 'waits');
    expect(line?.detail).toContain('budget web/api: needs 2 healthy, has 2');
    expect(plan.blockers).toEqual([]);
  });

  it('lets only as many of a budget leave now as it allows at once', async () => {
    await test.place('w-1', [
      deployment('api', { replicas: 3 }),
      budget('api', { maxUnavailable: 1 }),
    ]);
    const plan = await planCordoned();
    const lines = plan.findings[0]?.lines.map(({ verdict }) => verdict);
    expect(lines).toEqual(['waits', 'waits', 'leaves now']);
    expect(plan.effects).toHaveLength(3);
  });

  it('lets a pending pod go whatever its budget says', async () => {
    await test.place('w-1', [budget('tool', { maxUnavailable: 0 })]);
    test.world.apply({
      ...barePod('tool', 'w-1', { metadata: { labels: { app: 'tool' } } }),
      status: { phase: 'Pending' },
    });
    const plan = await planCordoned({ accepted: ['bare-pods'] });
    expect(verdicts(plan)).not.toMatchObject({ tool: 'never' });
  });

  it('gives StatefulSet pods an owner and lets them leave', async () => {
    await test.place('w-1', [statefulSet('db', { replicas: 2 })]);
    const plan = await planCordoned();
    expect(plan.effects.map(({ before }) => before)).toMatchObject([
      { owner: 'StatefulSet/db' },
      { owner: 'StatefulSet/db' },
    ]);
  });
});
