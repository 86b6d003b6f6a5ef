import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { barePod, deployment } from '../manifests.ts';
import { type DrainWorld, exceptions, startDrainWorld, verdicts } from './drain-world.ts';

const KARPENTER = 'karpenter.sh/do-not-disrupt';
let test: DrainWorld;

beforeEach(async () => {
  test = await startDrainWorld();
});
afterEach(() => test.stop());

describe('a pod marked as not to be moved', () => {
  it.each([
    [`annotations ${KARPENTER} true`],
    [`annotations ${KARPENTER} 10h`],
    ['annotations cluster-autoscaler.kubernetes.io/safe-to-evict false'],
    ['labels cluster.x-k8s.io/drain skip'],
    ['labels cluster.x-k8s.io/drain wait-completed'],
  ])('by %s needs a decision, and leaves once that is accepted', async (mark) => {
    const [where = '', key = '', value = ''] = mark.split(' ');
    await test.place('w-1', [deployment('api', { template: { [where]: { [key]: value } } })]);
    const plan = await test.planCordoned();
    expect(verdicts(plan)).toEqual({ api: 'needs a decision' });
    expect(exceptions(plan)).toEqual(['do-not-disrupt']);
    expect(plan.blockers[0]?.text).toContain(`${key}: ${value}`);
    expect((await test.plan({ accepted: ['do-not-disrupt'] })).effects).toHaveLength(1);
  });

  it.each([
    [`annotations ${KARPENTER} false`],
    [`annotations ${KARPENTER} soon`],
    ['annotations cluster-autoscaler.kubernetes.io/safe-to-evict true'],
    ['labels cluster.x-k8s.io/drain drain'],
  ])('is not what %s says: it leaves', async (mark) => {
    const [where = '', key = '', value = ''] = mark.split(' ');
    await test.place('w-1', [deployment('api', { template: { [where]: { [key]: value } } })]);
    expect(verdicts(await test.planCordoned())).toEqual({ api: 'leaves now' });
  });

  it.each([
    [4, 'needs a decision'],
    [6, 'leaves now'],
  ])('for 5m, %d minutes after it started: %s', async (minutes, verdict) => {
    const annotations = { [KARPENTER]: '5m' };
    const startTime = new Date(Date.now() - minutes * 60_000).toISOString();
    test.world.apply({
      ...barePod('job', 'w-1', { metadata: { annotations } }),
      status: { phase: 'Running', startTime },
    });
    const plan = await test.planCordoned({ accepted: ['bare-pods'] });
    expect(verdicts(plan)).toEqual({ job: verdict });
  });
});
