import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClusterUnderTest } from './cluster/cluster-under-test.ts';
import { workload } from './cluster/manifests.ts';
import { openCluster } from './cluster/open-cluster.ts';

let cluster: ClusterUnderTest;

beforeAll(async () => {
  cluster = await openCluster();
});
afterAll(() => cluster.close());

function configMap(name: string) {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } };
}

const merge = 'application/merge-patch+json';

describe('a write is refused', () => {
  it('with 415 where a patch is of no known type', async () => {
    await cluster.create('configmaps', configMap('typed'));

    const answer = await cluster.api.send(`PATCH ${cluster.path('configmaps', 'typed')}`, {
      body: {},
    });

    expect([answer.status, answer.body.reason]).toEqual([415, 'UnsupportedMediaType']);
    expect(answer.body.message).toContain('application/strategic-merge-patch+json');
  });

  it('with 422 where it changes what cannot be changed', async () => {
    const which = { kind: 'Deployment', name: 'fixed', replicas: 0 } as const;
    await cluster.create('deployments', workload(cluster, which));

    const answer = await cluster.api.send(`PATCH ${cluster.path('deployments', 'fixed')}`, {
      body: {
        spec: {
          selector: { matchLabels: { app: 'other' } },
          template: { metadata: { labels: { app: 'other' } } },
        },
      },
      contentType: merge,
    });

    expect([answer.status, answer.body.reason]).toEqual([422, 'Invalid']);
    expect(answer.body.details.causes).toMatchObject([
      { reason: 'FieldValueInvalid', field: 'spec.selector' },
    ]);
  });

  it('with 422 where the selector does not fit the template', async () => {
    const which = { kind: 'Deployment', name: 'unfit', replicas: 0 } as const;
    const body = workload(cluster, which);
    const template = { ...body.spec.template, metadata: { labels: { app: 'other' } } };

    const answer = await cluster.api.send(`POST ${cluster.path('deployments')}`, {
      body: { ...body, spec: { ...body.spec, template } },
    });

    expect([answer.status, answer.body.reason]).toEqual([422, 'Invalid']);
    expect(answer.body.message).toContain('`selector` does not match template `labels`');
  });

  it.each([
    ['Not_A_Name', 'a lowercase RFC 1123 subdomain'],
    ['-start', 'a lowercase RFC 1123 subdomain'],
  ])('with 422 where it names the object %s', async (name, rule) => {
    const answer = await cluster.api.send(`POST ${cluster.path('configmaps')}`, {
      body: configMap(name),
    });

    expect([answer.status, answer.body.details.causes[0].field]).toEqual([422, 'metadata.name']);
    expect(answer.body.message).toContain(rule);
  });

  it('with 422 where it names no object', async () => {
    const answer = await cluster.api.send(`POST ${cluster.path('configmaps')}`, {
      body: { metadata: {} },
    });

    expect(answer.status).toBe(422);
    expect(answer.body.message).toContain('name or generateName is required');
  });

  it('with 400 where its body belongs elsewhere, or is none', async () => {
    const path = `POST ${cluster.path('configmaps')}`;
    const metadata = { name: 'elsewhere', namespace: 'default' };

    const elsewhere = await cluster.api.send(path, { body: { ...configMap('x'), metadata } });
    const other = await cluster.api.send(path, { body: { ...configMap('x'), kind: 'Pod' } });
    const list = await cluster.api.send(path, { body: [] });

    expect([elsewhere, other, list].map(({ status }) => status)).toEqual([400, 400, 400]);
    expect(elsewhere.body.message).toBe(
      'the namespace of the provided object does not match the namespace sent on the request',
    );
  });

  it('with 404 in a namespace that is not there', async () => {
    const answer = await cluster.api.send('POST /api/v1/namespaces/no-such-namespace/configmaps', {
      body: configMap('lost'),
    });

    expect([answer.status, answer.body.message]).toEqual([
      404,
      'namespaces "no-such-namespace" not found',
    ]);
  });

  it('with 409 where the object that is meant has another UID', async () => {
    await cluster.create('configmaps', configMap('namesake'));
    const uid = '00000000-0000-4000-8000-000000000000';

    const deleted = await cluster.remove('configmaps', 'namesake', {
      body: { preconditions: { uid } },
    });
    const patched = await cluster.api.send(`PATCH ${cluster.path('configmaps', 'namesake')}`, {
      body: { metadata: { uid }, data: { a: '1' } },
      contentType: merge,
    });

    expect([deleted.status, deleted.body.reason]).toEqual([409, 'Conflict']);
    expect(deleted.body.message).toContain(`Precondition failed: UID in precondition: ${uid}`);
    expect([patched.status, patched.body.reason]).toEqual([409, 'Conflict']);
  });

  it('with 405 where a resource has no such verb', async () => {
    const answer = await cluster.api.send('PUT /api/v1/nodes', { body: {} });

    expect([answer.status, answer.body.reason]).toEqual([405, 'MethodNotAllowed']);
  });

  it('with 422 where a JSON patch removes what is not there', async () => {
    await cluster.create('configmaps', configMap('whole'));

    const answer = await cluster.api.send(`PATCH ${cluster.path('configmaps', 'whole')}`, {
      body: [{ op: 'remove', path: '/data' }],
      contentType: 'application/json-patch+json',
    });

    expect([answer.status, answer.body.reason]).toEqual([422, 'Invalid']);
  });

  it('with 400 where it is of another version of the API', async () => {
    const answer = await cluster.api.send(`POST ${cluster.path('configmaps')}`, {
      body: { ...configMap('versioned'), apiVersion: 'apps/v1' },
    });

    expect([answer.status, answer.body.reason]).toEqual([400, 'BadRequest']);
  });

  it('with 422 where a pod has no containers', async () => {
    const answer = await cluster.api.send(`POST ${cluster.path('pods')}`, {
      body: {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'empty' },
        spec: { containers: [] },
      },
    });

    expect(answer.status).toBe(422);
    expect(answer.body.details.causes).toContainEqual({
      reason: 'FieldValueRequired',
      message: 'Required value',
      field: 'spec.containers',
    });
  });

  it.each(['default', 'kube-system', 'kube-public'])(
    'with 403 where it deletes the namespace %s',
    async (name) => {
      const answer = await cluster.api.send(`DELETE /api/v1/namespaces/${name}?dryRun=All`);

      expect([answer.status, answer.body.message]).toEqual([
        403,
        `namespaces "${name}" is forbidden: this namespace may not be deleted`,
      ]);
    },
  );
});

describe('a field that the kind does not have', () => {
  const unknown = { ...configMap('typo'), dat: { a: '1' } };

  it('is left out with a warning, unless one asks for none', async () => {
    const path = `POST ${cluster.path('configmaps')}`;

    const warned = await cluster.api.send(`${path}?dryRun=All`, { body: unknown });
    const silent = await cluster.api.send(`${path}?dryRun=All&fieldValidation=Ignore`, {
      body: unknown,
    });

    expect([warned.status, silent.status]).toEqual([201, 201]);
    expect(warned.headers['warning']).toBe('299 - "unknown field \\"dat\\""');
    expect(silent.headers['warning']).toBeUndefined();
    expect([warned.body.dat, silent.body.dat]).toEqual([undefined, undefined]);
  });

  it('is named where one asks to be strict, and nothing is written', async () => {
    const which = { kind: 'Deployment', name: 'strict', replicas: 0 } as const;
    const body = workload(cluster, which);
    const [container] = body.spec.template.spec.containers;
    const containers = [{ ...container, imge: 'x' }];
    const template = { ...body.spec.template, spec: { containers } };

    const answer = await cluster.api.send(
      `POST ${cluster.path('deployments')}?fieldValidation=Strict`,
      { body: { ...body, spec: { ...body.spec, template, replica: 1 } } },
    );

    expect([answer.status, answer.body.reason]).toEqual([400, 'BadRequest']);
    expect(answer.body.message).toContain(
      'Deployment in version "v1" cannot be handled as a Deployment: strict decoding error: ',
    );
    expect(answer.body.message).toContain('unknown field "spec.replica"');
    expect(answer.body.message).toContain('unknown field "spec.template.spec.containers[0].imge"');
    expect(await cluster.find('deployments', 'strict')).toBeUndefined();
  });

  it('is named in a strict patch', async () => {
    await cluster.create('configmaps', configMap('patched'));

    const answer = await cluster.api.send(
      `PATCH ${cluster.path('configmaps', 'patched')}?fieldValidation=Strict`,
      { body: { dat: { a: '1' } }, contentType: merge },
    );

    expect([answer.status, answer.body.reason]).toEqual([422, 'Invalid']);
    expect(answer.body.message).toContain('strict decoding error: unknown field "dat"');
  });

  it('cannot be applied', async () => {
    const answer = await cluster.api.send(
      `PATCH ${cluster.path('configmaps', 'typo')}?fieldManager=one`,
      { body: unknown, contentType: 'application/apply-patch+yaml' },
    );

    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.body.message).toContain('.dat: field not declared in schema');
    expect(await cluster.find('configmaps', 'typo')).toBeUndefined();
  });
});
