import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClusterUnderTest } from './cluster/cluster-under-test.ts';
import type { Json } from './cluster/json.ts';
import { job, podTemplate } from './cluster/manifests.ts';
import { openCluster } from './cluster/open-cluster.ts';
import { conditionOf } from './cluster/pods.ts';
import { until } from './cluster/until.ts';

let cluster: ClusterUnderTest;

beforeAll(async () => {
  // Times in the API are whole seconds: one of these must be worth a while, or deadlines have passed when they begin.
  cluster = await openCluster({ timings: { secondMs: 300 } });
});
afterAll(() => cluster.close());

async function ended(name: string, type: 'Complete' | 'Failed'): Promise<Json> {
  return await until(
    `Job ${name} is ${type}`,
    () => cluster.read('jobs', name),
    (each) => conditionOf(each, type)?.status === 'True',
  );
}

describe('a Job', () => {
  it('is complete when its pod has succeeded, and its pod stays', async () => {
    await cluster.create('jobs', job(cluster, 'good', { behaviour: 'succeeds' }));

    const done = await ended('good', 'Complete');

    expect(done.status).toMatchObject({ succeeded: 1, completionTime: expect.any(String) });
    const [only] = await cluster.list('pods', 'labelSelector=job-name%3Dgood');
    expect(only.status.phase).toBe('Succeeded');
    expect(only.status.containerStatuses[0].state.terminated).toMatchObject({
      exitCode: 0,
      reason: 'Completed',
    });
  });

  it('has failed when more pods failed than its backoff limit allows', async () => {
    const options = { behaviour: 'fails', job: { backoffLimit: 1 } } as const;
    await cluster.create('jobs', job(cluster, 'bad', options));

    const done = await ended('bad', 'Failed');

    expect(done.status.failed).toBe(2);
    expect(done.status.completionTime).toBeUndefined();
    expect(conditionOf(done, 'Failed')).toMatchObject({
      reason: 'BackoffLimitExceeded',
      message: 'Job has reached the specified backoff limit',
    });
  });

  it('has failed when its deadline has passed, and its pod is stopped', async () => {
    const options = { behaviour: 'stays', job: { activeDeadlineSeconds: 6 } } as const;
    await cluster.create('jobs', job(cluster, 'late', options));

    const done = await ended('late', 'Failed');

    expect(conditionOf(done, 'Failed')).toMatchObject({
      reason: 'DeadlineExceeded',
      message: 'Job was active longer than specified deadline',
    });
    await until(
      'its pod is gone',
      () => cluster.list('pods', 'labelSelector=job-name%3Dlate'),
      (pods) => pods.length === 0,
    );
  });

  it('goes away with its pod when its time to live is over', async () => {
    const options = { behaviour: 'succeeds', job: { ttlSecondsAfterFinished: 6 } } as const;
    await cluster.create('jobs', job(cluster, 'brief', options));
    await ended('brief', 'Complete');

    await until(
      'the Job is gone',
      () => cluster.find('jobs', 'brief'),
      (found) => found === undefined,
    );

    await until(
      'its pod is gone',
      () => cluster.list('pods', 'labelSelector=job-name%3Dbrief'),
      (pods) => pods.length === 0,
    );
  });

  it('does not change its template', async () => {
    await cluster.create('jobs', job(cluster, 'fixed', { behaviour: 'succeeds' }));
    const path = cluster.path('jobs', 'fixed');

    const answer = await cluster.api.send(`PATCH ${path}`, {
      body: { spec: { template: { spec: { terminationGracePeriodSeconds: 7 } } } },
      contentType: 'application/merge-patch+json',
    });

    expect(answer.status).toBe(422);
    expect(answer.body.details.causes).toMatchObject([
      { reason: 'FieldValueInvalid', field: 'spec.template' },
    ]);
    expect(answer.body.message).toContain('field is immutable');
  });
});

describe('a Job in a namespace that is restricted', () => {
  it('is accepted with a warning though its pods break the rules, and only an event tells that they are refused', async () => {
    const labels = Object.fromEntries(
      ['enforce', 'warn'].map((mode) => [`pod-security.kubernetes.io/${mode}`, 'restricted']),
    );
    await cluster.api.expect(`PATCH /api/v1/namespaces/${cluster.namespace}`, {
      body: { metadata: { labels } },
      contentType: 'application/merge-patch+json',
    });

    const answer = await cluster.api.send(`POST ${cluster.path('jobs')}`, {
      body: job(cluster, 'loose', { behaviour: 'succeeds' }),
    });
    const [event] = await until(
      'an event tells of the refusal',
      () =>
        cluster.list('events', 'fieldSelector=reason%3DFailedCreate,involvedObject.name%3Dloose'),
      (events) => events.length > 0,
    );

    expect(answer.status).toBe(201);
    expect(answer.headers['warning']).toMatch(
      /^299 - "would violate PodSecurity \\"restricted:latest\\": /,
    );
    expect(event).toMatchObject({
      type: 'Warning',
      involvedObject: { kind: 'Job', name: 'loose' },
      message: expect.stringContaining('is forbidden: violates PodSecurity "restricted:latest"'),
    });
    const { status = {} } = await cluster.read('jobs', 'loose');
    expect(status.conditions).toBeUndefined();
    expect(await cluster.list('pods', 'labelSelector=job-name%3Dloose')).toEqual([]);
  });

  it('runs where its pods keep the rules', async () => {
    const { spec } = podTemplate(cluster);
    const [container] = spec.containers;
    const strict = {
      spec: {
        securityContext: {
          runAsNonRoot: true,
          runAsUser: 65532,
          seccompProfile: { type: 'RuntimeDefault' },
        },
        containers: [
          {
            ...container,
            command: ['true'],
            securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
          },
        ],
      },
    };

    const answer = await cluster.api.send(`POST ${cluster.path('jobs')}`, {
      body: job(cluster, 'strict', strict),
    });

    expect(answer.headers['warning']).toBeUndefined();
    await ended('strict', 'Complete');
  });
});
