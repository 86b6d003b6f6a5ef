import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { judgePod } from '../../../src/actions/node/judge-pod.ts';
import { Owners } from '../../../src/actions/owners.ts';
import { Pod } from '../../../src/kubernetes/resources/pod.ts';
import { barePod, budget, daemonSet, deployment } from '../manifests.ts';
import { type DrainWorld, evicted, exceptions, startDrainWorld, verdicts } from './drain-world.ts';

const MIRROR = { annotations: { 'kubernetes.io/config.mirror': 'x' } };
const DISK = { volumes: [{ name: 'cache', emptyDir: {} }] };
const MEMORY = { volumes: [{ name: 'shm', emptyDir: { medium: 'Memory' } }] };
const HOST = { volumes: [{ name: 'logs', hostPath: { path: '/var/log' } }] };

let test: DrainWorld;

beforeEach(async () => {
  test = await startDrainWorld();
});
afterEach(() => test.stop());

function ownedBy(kind: string, apiVersion: string) {
  return { ownerReferences: [{ apiVersion, kind, name: 'owner', uid: 'gone', controller: true }] };
}

/** Deleted, and held by a finalizer. */
function leaving(name: string) {
  const deletionTimestamp = new Date().toISOString();
  return barePod(name, 'w-1', { metadata: { deletionTimestamp, finalizers: ['test/hold'] } });
}

describe('a drain leaves where it is', () => {
  it('a pod of a DaemonSet, which would put it back at once', async () => {
    test.world.apply(daemonSet('agent'));
    await test.place('w-1', [deployment('api')]);
    await test.ready('agent', 3);
    expect(verdicts(await test.planCordoned())).toEqual({ agent: 'stays', api: 'leaves now' });
  });

  it('a mirror pod, which is a static pod of the kubelet', async () => {
    await test.place('w-1', [barePod('static', 'w-1', { metadata: MIRROR })]);
    const plan = await test.planCordoned();
    expect(verdicts(plan)).toEqual({ static: 'stays' });
    expect(plan.blockers).toEqual([]);
  });

  it.each(['Succeeded', 'Failed'])(
    'a pod that has finished (%s), whatever keeps it and whatever is on its disk',
    async (phase) => {
      test.world.apply({ ...barePod('done', 'w-1', { spec: DISK }), status: { phase } });
      const plan = await test.planCordoned();
      expect(verdicts(plan)).toEqual({ done: 'stays' });
      expect(plan.blockers).toEqual([]);
    },
  );

  it('a pod that is being deleted already: it is not asked to go twice', async () => {
    test.world.apply(leaving('old'));
    const plan = await test.planCordoned();
    expect(verdicts(plan)).toEqual({ old: 'already leaving' });
    expect(plan.effects).toEqual([]);
    expect(plan.blockers).toEqual([]);
  });
});

describe('a drain asks before it evicts', () => {
  it('a pod without a controller, which nothing recreates', async () => {
    await test.place('w-1', [barePod('tool', 'w-1')]);
    const plan = await test.planCordoned();
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

  it.each(['DaemonSet', 'ReplicaSet', 'StatefulSet'])(
    'an orphan, whose %s does not exist any more',
    async (kind) => {
      // Not in the cluster: there the garbage collector would have it gone in a moment.
      const { metadata, ...orphan } = barePod('tool', 'w-1', {
        metadata: { uid: 'tool', ...ownedBy(kind, 'apps/v1') },
      });
      const pod = Pod.schema.parse({ metadata, ...orphan });
      const owner = await new Owners(test.cluster).of(pod);
      const on = { pod, owner, budgets: [], localVolumes: [] };
      const { undecided } = judgePod(on, { accepted: new Set(), now: Date.now() });
      expect(undecided).toMatchObject([
        {
          exception: 'bare-pods',
          reason: `its ${kind} web/owner does not exist: nothing will recreate it`,
        },
      ]);
    },
  );

  it('a pod with data in an emptyDir, which is lost', async () => {
    await test.place('w-1', [deployment('disk', { pod: DISK })]);
    const plan = await test.planCordoned();
    expect(verdicts(plan)).toEqual({ disk: 'needs a decision' });
    expect(exceptions(plan)).toEqual(['local-data']);
    expect((await test.plan({ accepted: ['local-data'] })).effects).toHaveLength(1);
  });

  it('a pod for everything that is to be decided of it, at once', async () => {
    const metadata = { annotations: { 'karpenter.sh/do-not-disrupt': 'true' } };
    await test.place('w-1', [barePod('tool', 'w-1', { metadata, spec: DISK })]);
    const plan = await test.planCordoned();
    const one = await test.plan({ accepted: ['local-data'] });
    const all = await test.plan({ accepted: ['local-data', 'bare-pods', 'do-not-disrupt'] });
    expect(exceptions(plan).toSorted()).toEqual(['bare-pods', 'do-not-disrupt', 'local-data']);
    expect(exceptions(one).toSorted()).toEqual(['bare-pods', 'do-not-disrupt']);
    expect(all.effects).toHaveLength(1);
  });
});

describe('a drain does not ask for', () => {
  it('a pod whose controller is of a kind that is not known here', async () => {
    const rollout = ownedBy('Rollout', 'argoproj.io/v1alpha1');
    await test.place('w-1', [barePod('canary', 'w-1', { metadata: rollout })]);
    const plan = await test.planCordoned();
    expect(verdicts(plan)).toEqual({ canary: 'leaves now' });
    expect(plan.effects).toMatchObject([{ after: { recreatedBy: 'Rollout/owner' } }]);
  });

  it('a pod of a Job, which makes another', async () => {
    test.world.apply({
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'report', namespace: 'web' },
      spec: {
        template: {
          metadata: { labels: { app: 'report' }, annotations: { 'simulation/run-factor': '1000' } },
          spec: {
            restartPolicy: 'Never',
            containers: [{ name: 'main', image: 'registry.example/report:1' }],
          },
        },
      },
    });
    for (const name of ['w-2', 'w-3']) test.cordon(name);
    await test.ready('report', 1);
    const plan = await test.planCordoned();
    for (const name of ['w-2', 'w-3']) test.uncordon(name);
    await test.drain(plan.effects);
    expect(verdicts(plan)).toEqual({ report: 'leaves now' });
    expect(plan.effects).toMatchObject([{ after: { recreatedBy: 'Job/report' } }]);
    expect((await test.ready('report', 1))[0]?.spec.nodeName).not.toBe('w-1');
  });

  it('an emptyDir in memory, but says that it is lost', async () => {
    await test.place('w-1', [deployment('ram', { pod: MEMORY })]);
    const plan = await test.planCordoned();
    expect(verdicts(plan)).toEqual({ ram: 'leaves now' });
    expect(plan.warnings.map(({ text }) => text).join()).toContain('memory-backed emptyDir shm');
  });

  it('a hostPath, but says that it does not move', async () => {
    await test.place('w-1', [deployment('tail', { pod: HOST })]);
    const plan = await test.planCordoned();
    expect(verdicts(plan)).toEqual({ tail: 'leaves now' });
    expect(plan.warnings.map(({ text }) => text).join()).toContain('hostPath /var/log');
  });
});

describe('the filters of a drain, in their order', () => {
  it('have what stays and what leaves already before what needs a decision', async () => {
    await test.place('w-1', [barePod('static', 'w-1', { metadata: MIRROR, spec: DISK })]);
    test.world.apply({ ...leaving('old'), spec: { ...barePod('old', 'w-1').spec, ...DISK } });
    const plan = await test.planCordoned();
    expect(verdicts(plan)).toEqual({ static: 'stays', old: 'already leaving' });
    expect(plan.blockers).toEqual([]);
  });

  it('have a budget that never allows it before a decision that would not help', async () => {
    await test.place('w-1', [
      deployment('api', { replicas: 2, pod: DISK }),
      budget('api', { maxUnavailable: 0 }),
    ]);
    const plan = await test.planCordoned({ accepted: ['local-data'] });
    expect(verdicts(plan)).toEqual({ api: 'never' });
    expect(exceptions(plan)).toEqual(['leave-protected-pods']);
  });

  it('let nothing of the node go while one pod of it needs a decision', async () => {
    await test.place('w-1', [deployment('api'), barePod('tool', 'w-1')]);
    const plan = await test.planCordoned();
    expect(verdicts(plan)).toEqual({ api: 'leaves now', tool: 'needs a decision' });
    expect(plan.blockers).toMatchObject([{ code: 'bare_pods', exception: 'bare-pods' }]);
  });
});
