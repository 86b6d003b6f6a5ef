import { afterEach, describe, expect, it } from 'vitest';
import { Node } from '../../src/kubernetes/resources/node.ts';
import {
  type LocalApiServer,
  nodeBody,
  sendJson,
  sendStatus,
  startLocalApiServer,
} from './local-api-server.ts';

let server: LocalApiServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

describe('what is sent', () => {
  it('names the run and the person in each request', async () => {
    server = await startLocalApiServer((_, response) => sendJson(response, 200, nodeBody('n')));

    await server.cluster
      .as({ runId: 'r-1', traceId: '4bf9 2f', impersonate: 'jun@example.com' })
      .get(Node, { name: 'n' });

    const [request] = server.seen;
    expect(request?.headers['user-agent']).toMatch(/^handrail\/\S+ \(run=r-1 trace=4bf9_2f\)$/);
    expect(request?.headers['impersonate-user']).toBe('jun@example.com');
    expect(request?.headers.authorization).toBe('Bearer token-of-kr');
  });

  it('keeps its connections for later calls', async () => {
    server = await startLocalApiServer((_, response) => sendJson(response, 200, nodeBody('n')));

    for (let call = 0; call < 30; call += 1) await server.cluster.get(Node, { name: 'n' });

    expect(server.seen).toHaveLength(30);
    expect(server.connections()).toBeLessThanOrEqual(2);
  });

  it('refuses to act as a user whose name a header cannot carry', async () => {
    server = await startLocalApiServer((_, response) => sendJson(response, 200, nodeBody('n')));
    const { cluster } = server;

    expect(() => cluster.as({ runId: 'r', traceId: 't', impersonate: '김 민아' })).toThrow(
      /cannot act as Kubernetes user/,
    );
  });

  it('evicts with the UID as a precondition, and dry-runs within the delete options', async () => {
    server = await startLocalApiServer((_, response) => sendStatus(response, 201));

    await server.cluster.evict({ namespace: 'web', name: 'p', uid: 'u' }, { dryRun: true });

    const [request] = server.seen;
    expect(request?.path).toBe('/api/v1/namespaces/web/pods/p/eviction');
    expect(JSON.parse(request?.body ?? '')).toEqual({
      apiVersion: 'policy/v1',
      kind: 'Eviction',
      metadata: { name: 'p', namespace: 'web' },
      deleteOptions: { preconditions: { uid: 'u' }, dryRun: ['All'] },
    });
  });

  it('deletes only the object of this UID, in the background', async () => {
    server = await startLocalApiServer((_, response) => sendStatus(response, 200));

    await server.cluster.delete(Node, { name: 'n', uid: 'u' });

    expect(JSON.parse(server.seen[0]?.body ?? '')).toMatchObject({
      preconditions: { uid: 'u' },
      propagationPolicy: 'Background',
    });
  });

  it.each([
    ['json', 'application/json-patch+json', ''],
    ['merge', 'application/merge-patch+json', ''],
    ['strategic', 'application/strategic-merge-patch+json', ''],
    ['apply', 'application/apply-patch+yaml', 'true'],
  ] as const)('sends a %s patch as %s', async (type, contentType, force) => {
    server = await startLocalApiServer((_, response) => sendJson(response, 200, nodeBody('n')));
    const patch =
      type === 'json'
        ? { type, body: [{ op: 'remove' as const, path: '/spec/unschedulable' }] }
        : { type, body: { spec: {} }, fieldManager: 'handrail', force: true };

    await server.cluster.patch(Node, { name: 'n' }, { patch, options: { dryRun: true } });

    const [request] = server.seen;
    expect(request?.headers['content-type']).toBe(contentType);
    expect(request?.query.get('force') ?? '').toBe(force);
    expect(request?.query.get('dryRun')).toBe('All');
    expect(request?.query.get('fieldManager')).toBe('handrail');
  });

  it('asks whether we may, and believes the answer', async () => {
    server = await startLocalApiServer((request, response) => {
      const { spec } = JSON.parse(request.body);
      const allowed = spec.resourceAttributes.subresource === 'eviction';
      sendJson(response, 201, { status: { allowed } });
    });
    const question = { verb: 'create', group: '', resource: 'pods', namespace: 'web' };

    const answers = [
      await server.cluster.allowed({ ...question, subresource: 'eviction' }),
      await server.cluster.allowed(question),
    ];

    expect(answers).toEqual([true, false]);
  });
});

describe('what is not there', () => {
  it('finds nothing where the object does not exist', async () => {
    server = await startLocalApiServer((_, response) =>
      sendStatus(response, 404, { reason: 'NotFound' }),
    );

    await expect(server.cluster.find(Node, { name: 'gone' })).resolves.toBeUndefined();
    await expect(server.cluster.get(Node, { name: 'gone' })).rejects.toThrow(
      'could not get Node gone in cluster kr: it does not exist; check the name and the cluster',
    );
  });

  it('lists nothing of a type that the cluster does not serve', async () => {
    server = await startLocalApiServer((_, response) => {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('404 page not found\n');
    });
    const claims = { ...Node, apiVersion: 'karpenter.sh/v1', plural: 'nodeclaims' };

    await expect(server.cluster.list(claims)).resolves.toEqual([]);
    await expect(server.cluster.find(claims, { name: 'x' })).resolves.toBeUndefined();
  });

  it('takes a server without nodes for a wrong address, not for an empty cluster', async () => {
    server = await startLocalApiServer((_, response) => {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('not found');
    });

    await expect(server.cluster.list(Node)).rejects.toMatchObject({ reason: 'ApiNotServed' });
    await expect(server.cluster.find(Node, { name: 'n' })).rejects.toMatchObject({
      reason: 'ApiNotServed',
    });
  });
});
