import { afterEach, describe, expect, it } from 'vitest';
import { Node } from '../../src/kubernetes/resources/node.ts';
import { Pod } from '../../src/kubernetes/resources/pod.ts';
import { failureOf } from './failure-of.ts';
import {
  type LocalApiServer,
  sendJson,
  sendStatus,
  startLocalApiServer,
} from './local-api-server.ts';

let server: LocalApiServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

const metadata = { name: 'n', uid: 'u', resourceVersion: '1' };
const list = (...items: unknown[]) => ({ metadata: { resourceVersion: '1' }, items });

describe('an answer that does not fit is told by the field', () => {
  it.each<[string, unknown, RegExp]>([
    ['nothing', null, /expected object, received null/],
    ['a text', 'ok', /expected object, received string/],
    ['a list without items', { metadata: {} }, /→ at items/],
    ['items that are none', list('node'), /→ at \[0\]|→ at items/],
    ['a node without metadata', list({ spec: {}, status: {} }), /→ at \[0\]\.metadata/],
    ['a node without a uid', list({ metadata: { name: 'n' } }), /→ at \[0\]\.metadata\.uid/],
    [
      'a node whose taints are a text',
      list({ metadata, spec: { taints: 'none' } }),
      /→ at \[0\]\.spec\.taints/,
    ],
    [
      'a node that is Ready by a number',
      list({ metadata, status: { conditions: [{ type: 'Ready', status: 1 }] } }),
      /→ at \[0\]\.status\.conditions\[0\]\.status/,
    ],
  ])('%s', async (_, body, says) => {
    server = await startLocalApiServer((_request, response) => sendJson(response, 200, body));

    const error = await failureOf(server.cluster.list(Node));

    expect(error.message).toMatch(
      /^could not list Node objects in cluster kr: the answer is not what the API promises/,
    );
    expect(error.message).toMatch(says);
    expect(error.message).toMatch(
      /; check that http:\/\/127\.0\.0\.1:\d+ is a Kubernetes API server of a supported version$/,
    );
    expect(error).toMatchObject({ reason: 'UnexpectedAnswer', effectUncertain: false });
  });

  it('says of a write that it may have been carried out', async () => {
    server = await startLocalApiServer((_, response) => sendJson(response, 200, { spec: {} }));
    const patch = { type: 'merge', body: { spec: { unschedulable: true } } } as const;

    const error = await failureOf(server.cluster.patch(Node, { name: 'n' }, { patch }));

    expect(error.message).toContain('it may have been carried out all the same');
    expect(error.effectUncertain).toBe(true);
    expect(server.seen).toHaveLength(1);
  });
});

describe('what real clusters leave out is no fault', () => {
  it.each<[string, unknown]>([
    ['a node without spec and status', { metadata }],
    ['a node that never reported', { metadata, spec: {}, status: {} }],
    [
      'fields of a later version',
      { metadata, spec: { unheardOf: { of: [] } }, status: { more: 1 } },
    ],
  ])('%s', async (_, body) => {
    server = await startLocalApiServer((_request, response) => sendJson(response, 200, list(body)));

    const [node] = await server.cluster.list(Node);

    expect(node).toMatchObject({ spec: { taints: [] }, status: { conditions: [] } });
  });

  it('an empty list without items, as Go writes it', async () => {
    const body = { metadata: { resourceVersion: '1' }, items: null };
    server = await startLocalApiServer((_, response) => sendJson(response, 200, body));

    await expect(server.cluster.list(Pod)).resolves.toEqual([]);
  });
});

describe('an error whose text is too much', () => {
  it.each<[string, unknown]>([
    ['in a Status', { kind: 'Status', message: 'x'.repeat(5_000_000), reason: 'Invalid' }],
    [
      'in causes',
      {
        kind: 'Status',
        message: '',
        reason: 'Invalid',
        details: { causes: Array.from({ length: 10_000 }, (_, i) => ({ message: `cause ${i}` })) },
      },
    ],
    ['without a Status', { text: 'x'.repeat(5_000_000) }],
  ])('is cut: %s', async (_, body) => {
    server = await startLocalApiServer((_request, response) => sendJson(response, 422, body));

    const error = await failureOf(server.cluster.evict({ namespace: 'web', name: 'p', uid: 'u' }));

    expect(error.message).toMatch(
      /^could not evict Pod web\/p in cluster kr: the API server refuses the content/,
    );
    expect(error.message.length).toBeLessThan(700);
  });

  it.each([
    ['a token', 'proxy: bad header Authorization: Bearer hunter2-token'],
    ['a password', 'could not reach https://admin:hunter2@registry.example.com/'],
    ['a JWT', 'invalid token eyJhbGciOiJSUzI1NiJ9.eyJodW50ZXIyIjoxfQ.hunter2'],
    ['a Slack token', 'webhook failed: xoxb-1234-hunter2'],
  ])('does not spread %s', async (_, message) => {
    server = await startLocalApiServer((_request, response) =>
      sendStatus(response, 422, { message, reason: 'Invalid' }),
    );

    const error = await failureOf(server.cluster.evict({ namespace: 'web', name: 'p', uid: 'u' }));

    expect(error.message).toContain('[redacted]');
    expect(`${error.message} ${JSON.stringify(error.text)}`).not.toMatch(/hunter2/);
  });
});

describe('a right that the token lacks is named as a role would', () => {
  const user = 'system:serviceaccount:handrail:handrail';

  it.each([
    [
      `nodes "n" is forbidden: User "${user}" cannot patch resource "nodes" in API group "" at the cluster scope`,
      `grant \`patch nodes\` to ${user} by a ClusterRole`,
    ],
    [
      `pods "p" is forbidden: User "${user}" cannot create resource "pods/eviction" in API group "" in the namespace "web"`,
      `grant \`create pods/eviction\` to ${user} in namespace web, by a Role`,
    ],
    [
      `leases.coordination.k8s.io is forbidden: User "${user}" cannot create resource "leases" in API group "coordination.k8s.io" in the namespace "handrail"`,
      `grant \`create leases.coordination.k8s.io\` to ${user} in namespace handrail, by a Role`,
    ],
    [
      'admission webhook "policy.example.com" denied the request: not on Fridays',
      'grant it by RBAC, or see which policy denies it',
    ],
  ])('%s', async (message, wayOut) => {
    server = await startLocalApiServer((_request, response) =>
      sendStatus(response, 403, { message, reason: 'Forbidden' }),
    );

    const error = await failureOf(server.cluster.list(Node));

    expect(error.message).toBe(
      `could not list Node objects in cluster kr: it is not allowed (${message}); ${wayOut}`,
    );
    expect(server.seen).toHaveLength(1);
  });
});
