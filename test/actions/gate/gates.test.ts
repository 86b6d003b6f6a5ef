import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Action } from '../../../src/actions/action.ts';
import { httpGate } from '../../../src/actions/gate/http.ts';
import { prometheusGate } from '../../../src/actions/gate/prometheus.ts';
import { connectCluster } from '../../../src/kubernetes/connect-cluster.ts';
import { createMachineProviders } from '../../../src/provider/find-owner.ts';
import { emptyMemory, executeContext } from '../execute-context.ts';
import { scaledClock } from '../scaled-clock.ts';
import { kubeconfigFile } from './kubeconfig-file.ts';

interface Reply {
  readonly code?: number;
  readonly body?: string;
  readonly location?: string;
}

let server: Server;
let url = '';
/** What is answered, in order; the last one goes on for ever. */
let replies: Reply[] = [];
let asked: string[] = [];

beforeEach(async () => {
  asked = [];
  server = createServer((request, response) => {
    asked.push(request.url ?? '');
    const reply = (replies.length > 1 ? replies.shift() : replies[0]) ?? {};
    if (reply.location !== undefined) response.setHeader('location', reply.location);
    response.statusCode = reply.code ?? 200;
    response.end(reply.body ?? '');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

async function through(action: Action, input: object) {
  const cluster = connectCluster({
    name: 'kr',
    kubeconfig: await kubeconfigFile(),
    context: 'kr',
    inCluster: false,
  });
  const context = executeContext(
    {
      cluster,
      clusterSettings: {
        name: 'kr',
        region: 'r',
        leaseNamespace: 'handrail',
        provider: 'auto',
        tiles: [],
        criticalNamespaces: [],
      },
      providers: createMachineProviders({}),
      clock: scaledClock(200),
      accepted: new Set(),
      earlier: [],
    },
    { memory: emptyMemory(), approved: [] },
  );
  return action.execute(context, action.input.parse({ timeout: '60s', ...input }));
}

describe('gate/http', () => {
  it('opens after the answer held so many times in a row', async () => {
    replies = [{ code: 503 }, {}, { code: 500 }, {}, {}, {}];
    const outcome = await through(httpGate, { url, consecutive: 3, timeout: '1h' });
    expect(outcome.summary).toContain('3 times in a row');
    expect(asked).toHaveLength(6);
  });

  it('stays shut while the text is missing, and says what it saw last', async () => {
    replies = [{ body: 'degraded' }];
    await expect(through(httpGate, { url, contains: 'ok' })).rejects.toMatchObject({
      code: 'gate_closed',
      message: expect.stringContaining('without "ok"'),
    });
  });

  it('does not follow a redirect away from the URL that was approved', async () => {
    replies = [{ code: 302, location: `${url}/elsewhere` }];
    await expect(through(httpGate, { url })).rejects.toThrow(/it gave 302/);
    expect(asked).not.toContain('/elsewhere');
  });

  it('stays shut when nobody answers', async () => {
    const closed = 'http://127.0.0.1:1';
    await expect(through(httpGate, { url: closed })).rejects.toThrow(/no answer/);
  });

  it('takes only http and https URLs', () => {
    expect(httpGate.input.safeParse({ url: 'file:///etc/passwd' }).success).toBe(false);
  });
});

function vector(...values: string[]): string {
  const result = values.map((value) => ({ metric: {}, value: [1, value] }));
  return JSON.stringify({ status: 'success', data: { resultType: 'vector', result } });
}

const query = { query: 'error_ratio', op: '<', value: 0.01, consecutive: 1 };

describe('gate/prometheus', () => {
  it('opens when the value of every series holds', async () => {
    replies = [{ body: vector('0.5', '0') }, { body: vector('0.001', '0') }];
    await through(prometheusGate, { url: `${url}/prom/`, ...query, timeout: '1h' });
    expect(asked).toEqual(Array(2).fill('/prom/api/v1/query?query=error_ratio'));
  });

  it('reads a scalar', async () => {
    const data = { resultType: 'scalar', result: [1, '0'] };
    replies = [{ body: JSON.stringify({ status: 'success', data }) }];
    await expect(through(prometheusGate, { url, ...query })).resolves.toMatchObject({
      changed: false,
    });
  });

  it.each([
    ['no data', vector(), /no data/],
    ['NaN', vector('NaN'), /NaN/],
    ['an infinite value', vector('+Inf'), /Infinity/],
    ['one series that does not hold', vector('0', '0.5'), /value 0\.5/],
    ['an error', JSON.stringify({ status: 'error', error: 'parse error' }), /parse error/],
    ['a page that is no Prometheus', '<html>', /unexpected answer/],
  ])('stays shut on %s', async (_, body, seen) => {
    replies = [{ body }];
    await expect(through(prometheusGate, { url, ...query })).rejects.toThrow(seen);
  });
});
