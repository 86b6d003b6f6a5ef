import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClusterUnderTest } from './cluster/cluster-under-test.ts';
import { pod, workload } from './cluster/manifests.ts';
import { openCluster } from './cluster/open-cluster.ts';
import { until } from './cluster/until.ts';

let cluster: ClusterUnderTest;

beforeAll(async () => {
  cluster = await openCluster();
});
afterAll(() => cluster.close());

describe('a quota', () => {
  it('counts what pods ask for, refuses what is past it, and has room again once a pod is gone', async () => {
    const hard = { pods: '2', 'requests.cpu': '100m' };
    await cluster.create('resourcequotas', { metadata: { name: 'team' }, spec: { hard } });
    const used = (amounts: Record<string, string>) =>
      until(
        `the quota has counted ${JSON.stringify(amounts)}`,
        () => cluster.read('resourcequotas', 'team'),
        ({ status }) =>
          Object.entries(amounts).every(([name, amount]) => status.used?.[name] === amount),
      );
    await used({ pods: '0', 'requests.cpu': '0' });
    const small = { resources: { requests: { cpu: '60m' } } };
    await cluster.create('pods', pod(cluster, 'within', small));
    await used({ pods: '1', 'requests.cpu': '60m' });

    const past = await cluster.api.send(`POST ${cluster.path('pods')}`, {
      body: pod(cluster, 'past', small),
    });
    const unsaid = await cluster.api.send(`POST ${cluster.path('pods')}`, {
      body: pod(cluster, 'unsaid', { resources: {} }),
    });
    await cluster.remove('pods', 'within', { body: { gracePeriodSeconds: 0 } });
    await used({ pods: '0', 'requests.cpu': '0' });

    expect(past.status).toBe(403);
    expect(past.body.message).toBe(
      'pods "past" is forbidden: exceeded quota: team, requested: requests.cpu=60m, used: requests.cpu=60m, limited: requests.cpu=100m',
    );
    expect(unsaid.status).toBe(403);
    expect(unsaid.body.message).toMatch(
      /^pods "unsaid" is forbidden: failed quota: team: must specify requests.cpu/,
    );
    expect((await cluster.create('pods', pod(cluster, 'again', small))).status.phase).toBe(
      'Pending',
    );
    await cluster.remove('resourcequotas', 'team');
  });
});

describe('a LimitRange', () => {
  it('gives containers that ask for nothing what is usual, and refuses what is too much', async () => {
    const limits = [
      {
        type: 'Container',
        default: { memory: '64Mi' },
        defaultRequest: { cpu: '20m', memory: '32Mi' },
        max: { memory: '128Mi' },
      },
    ];
    await cluster.create('limitranges', { metadata: { name: 'bounds' }, spec: { limits } });

    const usual = await until(
      'the LimitRange is applied',
      () =>
        cluster.api.send(`POST ${cluster.path('pods')}?dryRun=All`, {
          body: pod(cluster, 'usual', { resources: {} }),
        }),
      ({ body }) => body.spec?.containers[0].resources.limits !== undefined,
    );
    const large = await cluster.api.send(`POST ${cluster.path('pods')}`, {
      body: pod(cluster, 'large', { resources: { limits: { memory: '256Mi' } } }),
    });

    expect(usual.body.spec.containers[0].resources).toEqual({
      limits: { memory: '64Mi' },
      requests: { cpu: '20m', memory: '32Mi' },
    });
    expect(usual.body.metadata.annotations['kubernetes.io/limit-ranger']).toContain('main');
    expect([large.status, large.body.message]).toEqual([
      403,
      'pods "large" is forbidden: maximum memory usage per Container is 128Mi, but limit is 256Mi',
    ]);
    await cluster.remove('limitranges', 'bounds');
  });
});

describe('a dry run', () => {
  it('answers as the write would, and writes nothing', async () => {
    const which = { kind: 'Deployment', name: 'tried', replicas: 1 } as const;
    const path = cluster.path('deployments');

    const created = await cluster.api.send(`POST ${path}?dryRun=All`, {
      body: workload(cluster, which),
    });

    expect(created.status).toBe(201);
    expect(created.body.metadata.uid).toEqual(expect.any(String));
    expect(created.body.metadata.resourceVersion).toBeUndefined();
    expect(created.body.spec.strategy.type).toBe('RollingUpdate');
    expect(await cluster.find('deployments', 'tried')).toBeUndefined();
  });

  it('of a patch, a replacement and a deletion leaves the object as it was', async () => {
    const data = { key: 'before' };
    const before = await cluster.create('configmaps', { metadata: { name: 'kept' }, data });
    const path = `${cluster.path('configmaps', 'kept')}?dryRun=All`;
    const changed = { ...before, data: { key: 'after' } };

    const patched = await cluster.api.send(`PATCH ${path}`, {
      body: { data: { key: 'after' } },
      contentType: 'application/merge-patch+json',
    });
    const replaced = await cluster.api.send(`PUT ${path}`, { body: changed });
    const deleted = await cluster.api.send(`DELETE ${path}`);

    expect([patched, replaced, deleted].map(({ status }) => status)).toEqual([200, 200, 200]);
    expect([patched.body.data, replaced.body.data]).toEqual([{ key: 'after' }, { key: 'after' }]);
    expect(await cluster.read('configmaps', 'kept')).toEqual(before);
  });

  it('is only ever asked for as All', async () => {
    const answer = await cluster.api.send(`POST ${cluster.path('configmaps')}?dryRun=Some`, {
      body: { metadata: { name: 'odd' } },
    });

    expect(answer.status).toBe(422);
    expect(answer.body.message).toContain('dryRun');
    expect(await cluster.find('configmaps', 'odd')).toBeUndefined();
  });
});
