import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Manifest } from '../../../src/demo/cluster/model/objects.ts';
import {
  type SimulatedCluster,
  startSimulatedCluster,
} from '../../../src/demo/cluster/simulated-cluster.ts';
import { node, until } from './client.ts';

let cluster: SimulatedCluster;

beforeAll(async () => {
  cluster = await startSimulatedCluster({ name: 'access', region: 'test', seed: [node('n-1')] });
});
beforeEach(() => {
  for (const kind of ['ClusterRole', 'ClusterRoleBinding']) {
    for (const { metadata } of cluster.world.list(kind)) cluster.world.remove(kind, metadata.name);
  }
  cluster.world.remove('RoleBinding', 'under-test', 'default');
});
afterAll(() => cluster.stop());

const nodes = '/api/v1/nodes';
const pods = '/api/v1/namespaces/default/pods';
const review = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';

async function call(request: string, more: { as?: string; token?: string; body?: unknown } = {}) {
  const [method = 'GET', path = '/'] = request.split(' ');
  const response = await fetch(cluster.url + path, {
    method,
    headers: {
      authorization: `Bearer ${more.token ?? cluster.token}`,
      ...(more.as === undefined ? {} : { 'impersonate-user': more.as }),
    },
    ...(more.body === undefined ? {} : { body: JSON.stringify(more.body) }),
  });
  return { status: response.status, body: JSON.parse(await response.text()) };
}

async function accountToken(name = 'default'): Promise<string> {
  await until(() => cluster.world.get('ServiceAccount', name, 'default') !== undefined);
  const path = `/api/v1/namespaces/default/serviceaccounts/${name}/token`;
  return (await call(`POST ${path}`, { body: {} })).body.status.token;
}

/** Binds rules to a subject, in the whole cluster or in the namespace `default`. */
function bind(subject: object, rules: object[], kind = 'ClusterRoleBinding'): void {
  const apiVersion = 'rbac.authorization.k8s.io/v1';
  const metadata = { name: 'under-test' };
  const home = kind === 'RoleBinding' ? { ...metadata, namespace: 'default' } : metadata;
  cluster.world.apply({ apiVersion, kind: 'ClusterRole', metadata, rules } as Manifest);
  cluster.world.apply({
    apiVersion,
    kind,
    metadata: home,
    subjects: [subject],
    roleRef: { kind: 'ClusterRole', name: 'under-test' },
  } as Manifest);
}

const readNodes = { apiGroups: [''], resources: ['nodes'], verbs: ['get', 'list'] };
const evict = { apiGroups: [''], resources: ['pods/eviction'], verbs: ['create'] };
const account = { kind: 'ServiceAccount', name: 'default', namespace: 'default' };

describe('a service account', () => {
  it('may what is bound to it, and nothing else', async () => {
    const token = await accountToken();
    const before = await call(`GET ${nodes}`, { token });
    bind(account, [readNodes]);

    const after = await call(`GET ${nodes}`, { token });
    const patched = await call(`PATCH ${nodes}/n-1`, { token, body: {} });

    expect([before.status, after.status, patched.status]).toEqual([403, 200, 403]);
    expect(patched.body.message).toBe(
      'nodes "n-1" is forbidden: User "system:serviceaccount:default:default" cannot patch resource "nodes" in API group "" at the cluster scope',
    );
  });

  it('has a right in one namespace where a RoleBinding gives it', async () => {
    const token = await accountToken();
    bind(account, [{ ...readNodes, resources: ['pods'] }], 'RoleBinding');

    const inside = await call(`GET ${pods}`, { token });
    const everywhere = await call('GET /api/v1/pods', { token });

    expect([inside.status, everywhere.status]).toEqual([200, 403]);
  });

  it('is let in no longer when it has been deleted, even if another of its name came after it', async () => {
    const token = await accountToken();
    const { uid } = cluster.world.get('ServiceAccount', 'default', 'default')?.metadata ?? {};
    cluster.world.remove('ServiceAccount', 'default', 'default');
    await until(() => {
      const now = cluster.world.get('ServiceAccount', 'default', 'default')?.metadata.uid;
      return now !== undefined && now !== uid;
    });

    const answer = await call(`GET ${nodes}`, { token });

    expect(answer.status).toBe(401);
  });

  it('may not take a token apart and change it', async () => {
    const [header, payload = '', signature] = (await accountToken()).split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
    claims['kubernetes.io'].namespace = 'kube-system';
    const forged = Buffer.from(JSON.stringify(claims)).toString('base64url');

    const answer = await call(`GET ${nodes}`, { token: `${header}.${forged}.${signature}` });

    expect(answer.status).toBe(401);
  });
});

describe('the administrator', () => {
  it('is restricted as soon as a binding names them, watches included', async () => {
    bind({ kind: 'User', name: 'access-admin' }, [readNodes]);

    const listed = await call(`GET ${nodes}`);
    const watched = await call(`GET ${nodes}?watch=1`);
    const version = await call('GET /version');

    expect([listed.status, watched.status, version.status]).toEqual([200, 403, 200]);
    expect(watched.body.message).toContain('cannot watch resource "nodes"');
  });

  it('may impersonate only whom a rule names', async () => {
    const impersonate = {
      apiGroups: [''],
      resources: ['users'],
      verbs: ['impersonate'],
      resourceNames: ['minji@example.com'],
    };
    bind({ kind: 'User', name: 'access-admin' }, [impersonate]);

    const allowed = await call('GET /version', { as: 'minji@example.com' });
    const refused = await call('GET /version', { as: 'root@example.com' });

    expect([allowed.status, refused.status]).toEqual([200, 403]);
    expect(refused.body.message).toContain('cannot impersonate resource "users"');
  });
});

describe('a SelfSubjectAccessReview', () => {
  const spec = {
    resourceAttributes: { verb: 'create', resource: 'pods', subresource: 'eviction' },
  };

  it('answers for the user who is impersonated, and says by which binding', async () => {
    const before = await call(`POST ${review}`, { as: 'minji@example.com', body: { spec } });
    bind({ kind: 'User', name: 'minji@example.com' }, [evict]);

    const after = await call(`POST ${review}`, { as: 'minji@example.com', body: { spec } });

    expect(before.body.status).toEqual({ allowed: false });
    expect(after.body.status).toEqual({
      allowed: true,
      reason:
        'RBAC: allowed by ClusterRoleBinding "under-test" of ClusterRole "under-test" to User "minji@example.com"',
    });
  });
});
