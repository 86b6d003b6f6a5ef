import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClusterUnderTest } from './cluster/cluster-under-test.ts';
import type { Json } from './cluster/json.ts';
import { workload } from './cluster/manifests.ts';
import { openCluster } from './cluster/open-cluster.ts';
import { isReady, readyPods } from './cluster/pods.ts';
import { until } from './cluster/until.ts';

let cluster: ClusterUnderTest;

beforeAll(async () => {
  cluster = await openCluster();
});
afterAll(() => cluster.close());

const revision = 'deployment.kubernetes.io/revision';

function isRolledOut({ metadata, spec, status }: Json): boolean {
  return (
    status.observedGeneration === metadata.generation &&
    status.updatedReplicas === spec.replicas &&
    status.replicas === spec.replicas &&
    status.availableReplicas === spec.replicas
  );
}

async function rolledOut(name: string): Promise<Json> {
  const read = () => cluster.read('deployments', name);
  return await until(`${name} is rolled out`, read, isRolledOut);
}

describe('a Deployment', () => {
  it('is rolled out anew by an annotation of its template, as kubectl rollout restart does', async () => {
    const which = { kind: 'Deployment', name: 'restarted', replicas: 2 } as const;
    await cluster.create('deployments', workload(cluster, which));
    const before = await rolledOut('restarted');
    const old = await readyPods(cluster, 'restarted', 2);
    const annotations = { 'kubectl.kubernetes.io/restartedAt': new Date().toISOString() };

    const patched = await cluster.merge('deployments', 'restarted', {
      spec: { template: { metadata: { annotations } } },
    });
    const after = await rolledOut('restarted');
    const pods = await readyPods(cluster, 'restarted', 2);

    expect(patched.metadata.generation).toBe(before.metadata.generation + 1);
    expect([before, after].map(({ metadata }) => metadata.annotations[revision])).toEqual([
      '1',
      '2',
    ]);
    const uids = old.map(({ metadata }) => metadata.uid);
    expect(pods.filter(({ metadata }) => uids.includes(metadata.uid))).toEqual([]);
    const sets = await cluster.list('replicasets', 'labelSelector=app%3Drestarted');
    expect(sets.map(({ spec }) => spec.replicas).sort()).toEqual([0, 2]);
    expect(after.status.conditions).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ type: 'Available', status: 'True' }),
        expect.objectContaining({
          type: 'Progressing',
          status: 'True',
          reason: 'NewReplicaSetAvailable',
        }),
      ]),
    );
  });

  it('is scaled through its subresource', async () => {
    const which = { kind: 'Deployment', name: 'scaled', replicas: 1 } as const;
    await cluster.create('deployments', workload(cluster, which));
    await readyPods(cluster, 'scaled', 1);
    const path = cluster.path('deployments', 'scaled', 'scale');

    const scale = await cluster.api.expect(`PATCH ${path}`, {
      body: { spec: { replicas: 2 } },
      contentType: 'application/merge-patch+json',
    });

    expect(scale).toMatchObject({
      kind: 'Scale',
      apiVersion: 'autoscaling/v1',
      spec: { replicas: 2 },
      status: { selector: 'app=scaled' },
    });
    await readyPods(cluster, 'scaled', 2);
  });

  it('that is deleted in the foreground goes after its ReplicaSets and pods', async () => {
    const which = { kind: 'Deployment', name: 'ended', replicas: 1 } as const;
    await cluster.create('deployments', workload(cluster, which));
    await readyPods(cluster, 'ended', 1);

    const answer = await cluster.remove('deployments', 'ended', {
      body: { kind: 'DeleteOptions', apiVersion: 'v1', propagationPolicy: 'Foreground' },
    });
    const waiting = await cluster.read('deployments', 'ended');
    await until(
      'it is gone',
      () => cluster.find('deployments', 'ended'),
      (found) => found === undefined,
    );

    expect(answer.status).toBe(200);
    expect(waiting.metadata.finalizers).toEqual(['foregroundDeletion']);
    expect(await cluster.list('pods', 'labelSelector=app%3Dended')).toEqual([]);
    expect(await cluster.list('replicasets', 'labelSelector=app%3Dended')).toEqual([]);
  });
});

describe('a StatefulSet', () => {
  it('puts another pod of the same name and another UID where one was deleted, and only after it is gone', async () => {
    const which = { kind: 'StatefulSet', name: 'numbered', replicas: 2 } as const;
    await cluster.create('statefulsets', workload(cluster, which));
    const before = await readyPods(cluster, 'numbered', 2);
    const { uid } = before.find(({ metadata }) => metadata.name === 'numbered-0').metadata;

    await cluster.remove('pods', 'numbered-0');
    const terminating = await cluster.read('pods', 'numbered-0');
    const after = await until(
      'another one is ready',
      () => cluster.find('pods', 'numbered-0'),
      (pod) => pod !== undefined && pod.metadata.uid !== uid && isReady(pod),
    );

    expect(before.map(({ metadata }) => metadata.name).sort()).toEqual([
      'numbered-0',
      'numbered-1',
    ]);
    expect(terminating.metadata).toMatchObject({ uid, deletionTimestamp: expect.any(String) });
    expect(after.metadata.labels).toMatchObject({
      'apps.kubernetes.io/pod-index': '0',
      'statefulset.kubernetes.io/pod-name': 'numbered-0',
    });
  });
});
