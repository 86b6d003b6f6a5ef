import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClusterUnderTest } from './cluster/cluster-under-test.ts';
import { budget, pod, workload } from './cluster/manifests.ts';
import { cordon, uncordon, workerNodes } from './cluster/nodes.ts';
import { openCluster } from './cluster/open-cluster.ts';
import { conditionOf, countedBudget, evict, readyPods } from './cluster/pods.ts';
import { until } from './cluster/until.ts';

let cluster: ClusterUnderTest;

beforeAll(async () => {
  cluster = await openCluster();
});
afterAll(() => cluster.close());

async function startWeb(name: string, replicas: number): Promise<void> {
  const which = { kind: 'Deployment', name, replicas } as const;
  await cluster.create('deployments', workload(cluster, which, { behaviour: 'slowToBeReady' }));
  await cluster.create('poddisruptionbudgets', budget(name, { maxUnavailable: 1 }));
  await readyPods(cluster, name, replicas);
  await countedBudget(cluster, name, { disruptionsAllowed: 1, expectedPods: replicas });
}

describe('an eviction', () => {
  it('leaves a pod terminating, then gone, while another is started elsewhere than on a cordoned node', async ({
    skip,
  }) => {
    const nodes = await workerNodes(cluster.api);
    skip(nodes.length < 2, 'needs two nodes that take pods');
    await startWeb('moved', 2);
    const before = await readyPods(cluster, 'moved', 2);
    const [{ metadata, spec }] = before;
    await cordon(cluster, spec.nodeName);

    const answer = await evict(cluster, metadata.name, { preconditions: { uid: metadata.uid } });
    const terminating = await cluster.read('pods', metadata.name);

    expect(answer.status).toBe(201);
    expect(terminating.metadata.deletionTimestamp).toBeDefined();
    expect(conditionOf(terminating, 'DisruptionTarget')).toMatchObject({
      status: 'True',
      reason: 'EvictionByEvictionAPI',
    });
    await until(
      'the pod is gone',
      () => cluster.find('pods', metadata.name),
      (found) => found === undefined,
    );
    const after = await readyPods(cluster, 'moved', 2);
    const known = before.map((each) => each.metadata.uid);
    const [replacement] = after.filter((each) => !known.includes(each.metadata.uid));
    expect(replacement.spec.nodeName).not.toBe(spec.nodeName);
    await uncordon(cluster.api, spec.nodeName);
  });

  it('is refused while the budget is used up, without saying when to come back, and allowed once the replacement is ready', async () => {
    await startWeb('blocked', 2);
    const [first, second] = await readyPods(cluster, 'blocked', 2);
    await evict(cluster, first.metadata.name);
    await countedBudget(cluster, 'blocked', { disruptionsAllowed: 0, currentHealthy: 1 });

    const refused = await evict(cluster, second.metadata.name);

    expect(refused.status).toBe(429);
    expect(refused.headers['retry-after']).toBeUndefined();
    expect(refused.body.details.causes).toEqual([
      {
        reason: 'DisruptionBudget',
        message: 'The disruption budget blocked needs 1 healthy pods and has 1 currently',
      },
    ]);
    await countedBudget(cluster, 'blocked', { disruptionsAllowed: 1, currentHealthy: 2 });
    const allowed = await evict(cluster, second.metadata.name);
    expect(allowed.status).toBe(201);
  });

  it('that is a dry run changes neither pod nor budget', async () => {
    await startWeb('tried', 2);
    const [first] = await readyPods(cluster, 'tried', 2);
    const before = await cluster.read('poddisruptionbudgets', 'tried');

    const answer = await evict(cluster, first.metadata.name, { dryRun: ['All'] });

    expect(answer.status).toBe(201);
    const after = [
      await cluster.read('pods', first.metadata.name),
      await cluster.read('poddisruptionbudgets', 'tried'),
    ];
    expect(after.map(({ metadata }) => metadata.resourceVersion)).toEqual(
      [first, before].map(({ metadata }) => metadata.resourceVersion),
    );
  });

  it('that fails its UID precondition spends the budget all the same, until the controller clears it', async () => {
    await startWeb('mistaken', 2);
    const [first, second] = await readyPods(cluster, 'mistaken', 2);

    const mistaken = await evict(cluster, first.metadata.name, {
      preconditions: { uid: randomUUID() },
    });
    const spent = await cluster.read('poddisruptionbudgets', 'mistaken');
    const refused = await evict(cluster, second.metadata.name);

    expect([mistaken.status, mistaken.body.reason]).toEqual([409, 'Conflict']);
    expect(Object.keys(spent.status.disruptedPods)).toEqual([first.metadata.name]);
    expect(spent.status.disruptionsAllowed).toBe(0);
    expect(refused.status).toBe(429);
    const cleared = await countedBudget(cluster, 'mistaken', { disruptionsAllowed: 1 });
    expect(cleared.disruptedPods).toBeUndefined();
    expect((await readyPods(cluster, 'mistaken', 2)).map(({ metadata }) => metadata.uid)).toContain(
      first.metadata.uid,
    );
  });

  it('of a pod that does not run yet asks no budget', async () => {
    const nowhere = { spec: { nodeSelector: { 'handrail-contract-test': 'nowhere' } } };
    await cluster.create('pods', pod(cluster, 'pending', nowhere));
    await cluster.create('poddisruptionbudgets', budget('pending', { minAvailable: 1 }));
    await countedBudget(cluster, 'pending', { expectedPods: 1, disruptionsAllowed: 0 });

    const answer = await evict(cluster, 'pending');

    expect(answer.status).toBe(201);
    expect(await cluster.find('pods', 'pending')).toBeUndefined();
  });

  it('of an unready pod is refused where the healthy ones are too few, and allowed where the policy always allows it', async () => {
    await cluster.create('pods', pod(cluster, 'sick', { behaviour: 'neverReady' }));
    await cluster.create('poddisruptionbudgets', budget('sick', { minAvailable: 1 }));
    await until(
      'the pod runs',
      () => cluster.read('pods', 'sick'),
      (each) => each.status.phase === 'Running',
    );
    await countedBudget(cluster, 'sick', { expectedPods: 1, currentHealthy: 0 });

    const refused = await evict(cluster, 'sick');
    await cluster.merge('poddisruptionbudgets', 'sick', {
      spec: { unhealthyPodEvictionPolicy: 'AlwaysAllow' },
    });
    const allowed = await until(
      'the eviction is answered by the changed budget',
      () => evict(cluster, 'sick'),
      ({ status }) => status !== 429,
    );

    expect(refused.status).toBe(429);
    expect(allowed.status).toBe(201);
  });
});
