import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer as createHttpServer, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectCluster } from '../../src/kubernetes/connect-cluster.ts';
import { type Certificate, selfSigned } from './certificates.ts';
import { failureOf } from './failure-of.ts';
import { quickLimits, sendStatus } from './local-api-server.ts';

const DAY_MS = 86_400_000;
const day = (days: number) => new Date(Date.now() + days * DAY_MS);
const here = [127, 0, 0, 1] as const;
const good = selfSigned({ ip: here, from: day(-1), until: day(2) });
const expired = selfSigned({ ip: here, from: day(-3), until: day(-1) });
const tomorrows = selfSigned({ ip: here, from: day(1), until: day(2) });
const elsewheres = selfSigned({ ip: [10, 0, 0, 1], from: day(-1), until: day(2) });

let directory: string;
/** What reached any of the servers. */
const arrived: string[] = [];
const servers: Server[] = [];
const at: Record<string, string> = {};

async function listen(name: string, scheme: string, server: Server): Promise<void> {
  server.on('request', (request, response) => {
    arrived.push(`${request.method} ${request.url}`);
    sendStatus(response, 401);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  servers.push(server);
  at[name] = `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'handrail-test-'));
  const certificates: Record<string, Certificate> = { good, expired, tomorrows, elsewheres };
  for (const [name, { key, cert }] of Object.entries(certificates)) {
    await listen(name, 'https', createHttpsServer({ key, cert }) as unknown as Server);
  }
  await listen('plain', 'https', createHttpServer());
  await listen('closed', 'https', createHttpServer());
  await new Promise((resolve) => servers.at(-1)?.close(resolve));
});
afterAll(async () => {
  for (const server of servers) server.closeAllConnections();
  for (const server of servers) server.close();
  await rm(directory, { recursive: true });
});

const trusting = ({ cert }: Certificate) => ({
  'certificate-authority-data': Buffer.from(cert).toString('base64'),
});

/** A user whose credentials come from a plugin. */
function plugin(command: string, ...args: string[]) {
  return { exec: { apiVersion: 'client.authentication.k8s.io/v1', command, args } };
}

/** What an eviction fails with. */
async function failureAt(server: string, cluster: object, user: object = { token: 'hunter2' }) {
  const kubeconfig = join(directory, 'kubeconfig.yml');
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'kr',
    clusters: [{ name: 'kr', cluster: { server, ...cluster } }],
    users: [{ name: 'kr', user }],
    contexts: [{ name: 'kr', context: { cluster: 'kr', user: 'kr' } }],
  };
  await writeFile(kubeconfig, JSON.stringify(config));
  const limits = { ...quickLimits, callTimeoutMs: 5_000 };
  const client = connectCluster({ name: 'kr', kubeconfig, inCluster: false }, limits);
  arrived.splice(0);
  return failureOf(client.evict({ namespace: 'web', name: 'api-1', uid: 'u' }));
}

describe('an API server that is not reached is told by what is in the way', () => {
  const untrusted =
    'name the authority as certificate-authority-data of the cluster in its kubeconfig';

  it.each<[string, string, () => object, RegExp]>([
    [
      'nobody listens',
      'closed',
      () => ({}),
      /cannot be reached \(connect ECONNREFUSED .*\); check the server address in its kubeconfig/,
    ],
    [
      'nobody knows the name',
      'unknown',
      () => ({}),
      /k8s\.invalid cannot be reached \(getaddrinfo (ENOTFOUND|EAI_AGAIN) k8s\.invalid\); check the server address/,
    ],
    [
      'its certificate is of no authority',
      'good',
      () => ({}),
      new RegExp(
        `is not trusted: its certificate is of no authority.*\\(self-signed certificate.*; ${untrusted}`,
      ),
    ],
    [
      'its certificate is of another authority',
      'good',
      () => trusting(elsewheres),
      new RegExp(untrusted),
    ],
    [
      'its certificate has expired',
      'expired',
      () => trusting(expired),
      /its certificate has expired .*; have the certificate of the API server renewed/,
    ],
    [
      'its certificate is not valid yet',
      'tomorrows',
      () => trusting(tomorrows),
      /its certificate is not valid yet .*; set the clock of this machine by NTP/,
    ],
    [
      'its certificate is for another name',
      'elsewheres',
      () => trusting(elsewheres),
      /its certificate is for another name .*10\.0\.0\.1.*; use a server address that the certificate names/,
    ],
    [
      'it speaks no TLS',
      'plain',
      () => ({}),
      /does not speak TLS as expected \(wrong version number .*; check that https is spoken/,
    ],
    [
      'the authority is a file that is not there',
      'good',
      () => ({ 'certificate-authority': '/nowhere/ca.pem' }),
      /credentials could not be obtained \(ENOENT.*'\/nowhere\/ca\.pem'\); check the credential plugin and the files/,
    ],
  ])('%s', async (...[, name, cluster, says]) => {
    const server = at[name] ?? 'https://k8s.invalid';

    const error = await failureAt(server, cluster());

    expect(error.message).toMatch(/^could not evict Pod web\/api-1 in cluster kr: /);
    expect(error.message).toMatch(says);
    expect(error.message).not.toMatch(/hunter2|use-system-ca|may have been carried out/);
    expect(error).toMatchObject({ status: 0, effectUncertain: false });
    expect(arrived).toEqual([]);
  });
});

describe('credentials that cannot be had are told by what failed', () => {
  it.each<[string, object, RegExp]>([
    [
      'the plugin is not installed',
      plugin('no-such-plugin'),
      /\(spawn no-such-plugin ENOENT\); check the credential plugin/,
    ],
    ['the plugin may not be run', plugin('/etc/passwd'), /\(spawn \/etc\/passwd EACCES\)/],
    [
      'the plugin fails',
      plugin('sh', '-c', 'echo "session expired: log in" >&2; exit 1'),
      /\(session expired: log in\)/,
    ],
    ['the plugin fails without a word', plugin('false'), /\(no reason is given\)/],
    [
      'the plugin prints no JSON',
      plugin('echo', 'hello'),
      /could not be obtained \(Unexpected token/,
    ],
    [
      'the token file is not there',
      { tokenFile: '/nowhere/token' },
      /\(ENOENT.*'\/nowhere\/token'\)/,
    ],
    [
      'the client certificate is not there',
      { 'client-certificate': '/nowhere/c', 'client-key': '/nowhere/k' },
      /\(ENOENT.*'\/nowhere\/c'\)/,
    ],
  ])('%s', async (_, user, says) => {
    const error = await failureAt(at['good'] ?? '', trusting(good), user);

    expect(error.message).toMatch(/its credentials could not be obtained/);
    expect(error.message).toMatch(says);
    expect(error).toMatchObject({ reason: 'NoCredentials', effectUncertain: false });
    expect(arrived).toEqual([]);
  });

  it('the token has expired', async () => {
    const error = await failureAt(at['good'] ?? '', trusting(good));

    expect(error.message).toMatch(
      /the API server does not accept our credentials; renew the token or certificate of its kubeconfig user$/,
    );
    expect(error).toMatchObject({ status: 401, effectUncertain: false });
  });
});

describe('a kubeconfig that is wrong', () => {
  it.each<[string, string | undefined, string | undefined, RegExp]>([
    [
      'is not there',
      undefined,
      undefined,
      /kubeconfig\.yml cannot be read \(ENOENT.*check its path and its YAML/,
    ],
    [
      'is no YAML',
      'clusters: [ { token: hunter2',
      undefined,
      /kubeconfig\.yml cannot be read \(.*check its path and its YAML/,
    ],
    ['is empty', '', undefined, /kubeconfig\.yml cannot be read \(.*empty/],
    [
      'lacks the context',
      '{"contexts":[{"name":"jp","context":{"cluster":"c","user":"u"}}]}',
      'kr',
      /has no context "kr"; it has: jp/,
    ],
  ])('%s', async (...[, content, context, says]) => {
    const kubeconfig = join(
      directory,
      content === undefined ? 'none/kubeconfig.yml' : 'kubeconfig.yml',
    );
    if (content !== undefined) await writeFile(kubeconfig, content);

    const connect = () => connectCluster({ name: 'kr', kubeconfig, context, inCluster: false });

    expect(connect).toThrow(/^cluster kr cannot be used: .*$/);
    expect(connect).not.toThrow(/hunter2/);
    expect(connect).toThrow(says);
    expect(connect).toThrow(expect.objectContaining({ code: 'cluster_config' }));
  });
});

it('trusts a server whose authority is named', async () => {
  const error = await failureAt(at['good'] ?? '', trusting(good));

  expect(arrived).toEqual(['POST /api/v1/namespaces/web/pods/api-1/eviction']);
  expect(error.status).toBe(401);
});
