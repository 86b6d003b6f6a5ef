import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClusterApi } from './cluster/cluster-api.ts';
import type { ClusterUnderTest } from './cluster/cluster-under-test.ts';
import { openCluster } from './cluster/open-cluster.ts';
import { until } from './cluster/until.ts';

let cluster: ClusterUnderTest;
/** Somebody whom no binding names yet. */
const minji = { headers: { 'impersonate-user': 'minji@handrail.example' } };

beforeAll(async () => {
  cluster = await openCluster();
});
afterAll(() => cluster.close());

async function serviceAccount(name: string): Promise<ClusterApi> {
  await cluster.create('serviceaccounts', { metadata: { name } });
  const { status } = await cluster.api.expect(
    `POST ${cluster.path('serviceaccounts', name, 'token')}`,
    {
      body: {
        apiVersion: 'authentication.k8s.io/v1',
        kind: 'TokenRequest',
        spec: { expirationSeconds: 600 },
      },
    },
  );
  return cluster.api.withToken(status.token);
}

/** Gives a subject these rights in the namespace. */
async function bind(name: string, subject: object, rules: readonly object[]): Promise<void> {
  await cluster.create('roles', { metadata: { name }, rules });
  await cluster.create('rolebindings', {
    metadata: { name },
    subjects: [subject],
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
  });
}

async function mayEvict(options: object): Promise<{ allowed: boolean; reason?: string }> {
  const resourceAttributes = {
    verb: 'create',
    resource: 'pods',
    subresource: 'eviction',
    namespace: cluster.namespace,
  };
  const { status } = await cluster.api.expect(
    'POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
    {
      ...options,
      body: {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SelfSubjectAccessReview',
        spec: { resourceAttributes },
      },
    },
  );
  return status;
}

describe('a service account', () => {
  it('without rights is told which one it lacks, and where', async () => {
    const api = await serviceAccount('bare');
    const user = `system:serviceaccount:${cluster.namespace}:bare`;

    const inside = await api.send(`GET ${cluster.path('pods')}`);
    const named = await api.send(`PATCH ${cluster.path('deployments', 'web')}`, {
      body: {},
      contentType: 'application/merge-patch+json',
    });
    const everywhere = await api.send('GET /api/v1/nodes');
    const evicting = await api.send(`POST ${cluster.path('pods', 'web-0', 'eviction')}`, {
      body: { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: 'web-0' } },
    });

    expect([inside, named, everywhere, evicting].map(({ status }) => status)).toEqual([
      403, 403, 403, 403,
    ]);
    expect([inside, named, everywhere, evicting].map(({ body }) => body.message)).toEqual([
      `pods is forbidden: User "${user}" cannot list resource "pods" in API group "" in the namespace "${cluster.namespace}"`,
      `deployments.apps "web" is forbidden: User "${user}" cannot patch resource "deployments" in API group "apps" in the namespace "${cluster.namespace}"`,
      `nodes is forbidden: User "${user}" cannot list resource "nodes" in API group "" at the cluster scope`,
      `pods "web-0" is forbidden: User "${user}" cannot create resource "pods/eviction" in API group "" in the namespace "${cluster.namespace}"`,
    ]);
  });

  it('may what its role says in the namespace, and nothing beyond', async () => {
    const api = await serviceAccount('reader');
    const subject = { kind: 'ServiceAccount', name: 'reader', namespace: cluster.namespace };
    await bind('reader', subject, [
      { apiGroups: [''], resources: ['configmaps'], verbs: ['get', 'list', 'watch'] },
    ]);

    const listed = await until(
      'the binding is known',
      () => api.send(`GET ${cluster.path('configmaps')}`),
      ({ status }) => status === 200,
    );
    const written = await api.send(`POST ${cluster.path('configmaps')}`, {
      body: { metadata: { name: 'x' } },
    });
    const everywhere = await api.send('GET /api/v1/configmaps');

    expect([listed, written, everywhere].map(({ status }) => status)).toEqual([200, 403, 403]);
  });

  it('is let in no longer once it has been deleted', async () => {
    const api = await serviceAccount('gone');
    await cluster.remove('serviceaccounts', 'gone');

    const answer = await until(
      'the token counts no longer',
      () => api.send('GET /api/v1/nodes'),
      ({ status }) => status !== 403,
    );

    expect([answer.status, answer.body.reason]).toEqual([401, 'Unauthorized']);
  });

  it('may always ask for the version, and what it may', async () => {
    const api = await serviceAccount('asking');

    const version = await api.send('GET /version');
    const groups = await api.send('GET /apis');

    expect([version.status, groups.status]).toEqual([200, 200]);
  });
});

describe('a person who is impersonated', () => {
  it('may what is bound to them, as a review and the deed itself say alike', async () => {
    const path = cluster.path('pods', 'nobody', 'eviction');
    const body = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: 'nobody' } };
    const before = await mayEvict(minji);
    const refused = await cluster.api.send(`POST ${path}`, { ...minji, body });
    const subject = {
      kind: 'User',
      name: 'minji@handrail.example',
      apiGroup: 'rbac.authorization.k8s.io',
    };
    await bind('evictor', subject, [
      { apiGroups: [''], resources: ['pods/eviction'], verbs: ['create'] },
    ]);

    const after = await until(
      'the binding is known',
      () => mayEvict(minji),
      ({ allowed }) => allowed,
    );
    const accepted = await cluster.api.send(`POST ${path}`, { ...minji, body });

    expect(before.allowed).toBe(false);
    expect(refused.status).toBe(403);
    expect(after.reason).toContain('allowed by RoleBinding "evictor');
    // Allowed, and then there is no such pod.
    expect(accepted.status).toBe(404);
  });

  it('may nothing through a group that they are not said to be in', async () => {
    const group = { kind: 'Group', name: 'handrail:oncall', apiGroup: 'rbac.authorization.k8s.io' };
    await bind('oncall', group, [{ apiGroups: [''], resources: ['events'], verbs: ['list'] }]);
    const headers = { 'impersonate-user': 'jun@handrail.example' };
    const path = cluster.path('events');

    const within = await until(
      'the binding is known',
      () =>
        cluster.api.send(`GET ${path}`, {
          headers: { ...headers, 'impersonate-group': 'handrail:oncall' },
        }),
      ({ status }) => status === 200,
    );
    const without = await cluster.api.send(`GET ${path}`, { headers });

    expect([within.status, without.status]).toEqual([200, 403]);
  });
});
