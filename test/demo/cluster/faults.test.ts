import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Manifest } from '../../../src/demo/cluster/model/objects.ts';
import {
  type SimulatedCluster,
  startSimulatedCluster,
} from '../../../src/demo/cluster/simulated-cluster.ts';
import { type Client, clientOf, until } from './client.ts';

let cluster: SimulatedCluster;
let call: Client;
const path = '/api/v1/namespaces/default/configmaps';

beforeEach(async () => {
  cluster = await startSimulatedCluster({ name: 'faults', region: 'test', seed: [] });
  call = clientOf(cluster);
});
afterEach(() => cluster.stop());

const create = () => call(`POST ${path}`, { metadata: { name: 'a' } });
const stored = () => cluster.world.get('ConfigMap', 'a', 'default');

describe('a fault', () => {
  it('answers for the API, with Retry-After where it says so', async () => {
    cluster.world.faults = [
      ({ method }) => (method === 'POST' ? { status: 429, retryAfter: 3 } : undefined),
    ];

    const answer = await create();
    const read = await call(`GET ${path}`);

    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '3']);
    expect(read.status).toBe(200);
    expect(stored()).toBeUndefined();
  });

  it('cuts the connection before the request has its effect', async () => {
    cluster.world.faults = [() => ({ reset: 'before' })];

    await expect(create()).rejects.toThrow();

    expect(stored()).toBeUndefined();
    expect(cluster.world.requests.map(({ status }) => status)).toEqual([0]);
  });

  it('cuts it after the effect, so that only the answer is lost', async () => {
    cluster.world.faults = [() => ({ reset: 'after' })];

    await expect(create()).rejects.toThrow();

    expect(stored()).toBeDefined();
    expect(cluster.world.requests.map(({ status }) => status)).toEqual([201]);
  });

  it('keeps a request waiting', async () => {
    cluster.world.faults = [({ method }) => (method === 'POST' ? { delayMs: 150 } : undefined)];
    const creating = create();

    const meanwhile = await call(`GET ${path}`);

    expect(meanwhile.body.items).toEqual([]);
    expect((await creating).status).toBe(201);
  });
});

describe('a fault of the whole API', () => {
  it('answers as API priority and fairness does: in plain text, with the time to wait', async () => {
    cluster.world.faults = [() => ({ status: 429, retryAfter: 2 })];

    const { status, headers, body } = await create();

    expect(status).toBe(429);
    expect(body).toBe('Too many requests, please try again later.\n');
    expect(Object.fromEntries(headers)).toMatchObject({
      'retry-after': '2',
      'content-type': 'text/plain; charset=utf-8',
      'x-kubernetes-pf-flowschema-uid': expect.any(String),
      'x-kubernetes-pf-prioritylevel-uid': expect.any(String),
    });
  });

  it.each([
    [429, 'TooManyRequests'],
    [500, 'InternalError'],
    [503, 'ServiceUnavailable'],
    [504, 'Timeout'],
  ])('answers %i as a Status, without a time to wait', async (status, reason) => {
    cluster.world.faults = [() => ({ status })];

    const answer = await create();

    expect(answer.headers.get('retry-after')).toBeNull();
    expect(answer.body).toMatchObject({ kind: 'Status', code: status, reason });
  });
});

describe('a proxy in between', () => {
  it.each(['before', 'after'] as const)('answers HTML %s the effect', async (when) => {
    cluster.world.faults = [({ method }) => (method === 'POST' ? { html: 502, when } : undefined)];

    const { status, headers, body } = await create();

    expect([status, headers.get('content-type')]).toEqual([502, 'text/html; charset=utf-8']);
    expect(body).toMatch(/^<html>/);
    expect(stored() !== undefined).toBe(when === 'after');
  });
});

describe('a request without an end', () => {
  it.each(['before', 'after'] as const)(
    'hangs %s the effect, on an open connection',
    async (hang) => {
      cluster.world.faults = [({ method }) => (method === 'POST' ? { hang } : undefined)];
      const creating = call(`POST ${path}`, { metadata: { name: 'a' } });
      const outcome = creating.then(
        () => 'answered',
        () => 'cut',
      );

      await until(() => hang === 'before' || stored() !== undefined);
      await call(`GET ${path}`);
      const meanwhile = await Promise.race([outcome, delay(50, 'nothing yet')]);

      expect(meanwhile).toBe('nothing yet');
      expect(stored() !== undefined).toBe(hang === 'after');
      await cluster.stop();
      await expect(outcome).resolves.toBe('cut');
    },
  );
});

describe('an answer that is cut', () => {
  const read = () => fetch(cluster.url + path, { headers: headersOf() });
  const headersOf = () => ({ authorization: `Bearer ${cluster.token}` });

  it('ends before its promised length, and the client knows', async () => {
    cluster.world.faults = [() => ({ truncate: 'bytes' })];

    const answer = await read();

    expect(answer.status).toBe(200);
    await expect(answer.text()).rejects.toThrow();
  });

  it('is whole for HTTP and half for JSON', async () => {
    cluster.world.faults = [() => ({ truncate: 'json' })];

    const text = await (await read()).text();

    expect(text).toMatch(/^\{/);
    expect(() => JSON.parse(text)).toThrow();
  });
});

describe('a watch that breaks', () => {
  const lineCount = (text: string) => text.split('\n').length - 1;

  /** What comes until the stream ends, breaks, or is quiet for longer than it may last. */
  async function watchUntilQuiet(): Promise<{ text: string; end: string }> {
    const url = `${cluster.url}${path}?watch=true&allowWatchBookmarks=true&timeoutSeconds=1`;
    const request = get(url, { headers: { authorization: `Bearer ${cluster.token}` } });
    const [answer] = (await once(request, 'response')) as [IncomingMessage];
    let text = '';
    answer.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    const end = await Promise.race([
      once(answer, 'end').then(
        () => 'ended',
        () => 'reset',
      ),
      delay(1500, 'quiet'),
    ]);
    request.destroy();
    return { text, end };
  }

  beforeEach(async () => {
    for (const name of ['a', 'b', 'c']) await call(`POST ${path}`, { metadata: { name } });
  });

  it.each([
    { how: 'silence', end: 'quiet', rest: /^$/ },
    { how: 'reset', end: 'reset', rest: /^$/ },
    { how: 'half-line', end: 'ended', rest: /^\{"type":"ADDED"/ },
  ] as const)('ends in $how after two events: $end', async ({ how, end, rest }) => {
    cluster.world.faults = [({ watch }) => (watch ? { watch: how, afterEvents: 2 } : undefined)];

    const seen = await watchUntilQuiet();

    expect(seen.end).toBe(end);
    expect(lineCount(seen.text)).toBe(2);
    expect(seen.text.split('\n').at(-1)).toMatch(rest);
  });
});

function administrator(name: string): Manifest {
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name },
    subjects: [{ kind: 'User', name }],
    roleRef: { kind: 'ClusterRole', name: 'cluster-admin' },
  };
}

describe('the request log', () => {
  it('holds what was to be changed, by whom and with what answer, and no reads', async () => {
    cluster.world.apply(administrator('minji@example.com'));
    const headers = {
      authorization: `Bearer ${cluster.token}`,
      'content-type': 'application/json',
      'user-agent': 'handrail/1 (run 7)',
      'impersonate-user': 'minji@example.com',
    };
    const body = JSON.stringify({ metadata: { name: 'a' } });
    await fetch(`${cluster.url}${path}?dryRun=All`, { method: 'POST', headers, body });
    await call(`GET ${path}`);
    await call(`DELETE ${path}/none`);

    expect(cluster.world.requests).toEqual([
      {
        at: expect.any(Number),
        method: 'POST',
        path,
        status: 201,
        dryRun: true,
        userAgent: 'handrail/1 (run 7)',
        impersonate: 'minji@example.com',
        body: { metadata: { name: 'a' } },
      },
      expect.objectContaining({ method: 'DELETE', status: 404, dryRun: false }),
    ]);
  });
});

describe('the token', () => {
  it('of another cluster is not let in', async () => {
    const other = await startSimulatedCluster({ name: 'other', region: 'test', seed: [] });
    const headers = { authorization: `Bearer ${other.token}` };

    const { status } = await fetch(`${cluster.url}${path}`, { headers });

    await other.stop();
    expect(status).toBe(401);
  });
});
