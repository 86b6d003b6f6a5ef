import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectCluster } from '../../src/kubernetes/connect-cluster.ts';
import { Node } from '../../src/kubernetes/resources/node.ts';
import { kubeconfigFor, nodeBody, sendJson, startLocalApiServer } from './local-api-server.ts';

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'handrail-test-'));
});
afterEach(() => rm(directory, { recursive: true }));

async function kubeconfig(text: string): Promise<string> {
  const file = join(directory, 'kubeconfig.yml');
  await writeFile(file, text);
  return file;
}

describe('cluster settings that cannot be used', () => {
  it('name the file that cannot be read', () => {
    const file = join(directory, 'none.yml');

    expect(() => connectCluster({ name: 'kr', kubeconfig: file, inCluster: false })).toThrow(
      `cluster kr cannot be used: ${file} cannot be read (ENOENT`,
    );
  });

  it('name the context that is missing, and those there are', async () => {
    const file = await kubeconfig(kubeconfigFor('jp', 'https://jp.example'));
    const settings = { name: 'kr', kubeconfig: file, context: 'kr', inCluster: false };

    expect(() => connectCluster(settings)).toThrow(
      `cluster kr cannot be used: ${file} has no context "kr"; it has: jp`,
    );
  });

  it('say that a file is no kubeconfig', async () => {
    const file = await kubeconfig('- just\n- a list\n');

    expect(() => connectCluster({ name: 'kr', kubeconfig: file, inCluster: false })).toThrow(
      /names no current context; it has none at all/,
    );
  });

  it('name the user that a context refers to and that is not there', async () => {
    const config = JSON.parse(kubeconfigFor('kr', 'https://kr.example'));
    const file = await kubeconfig(JSON.stringify({ ...config, users: [] }));

    expect(() => connectCluster({ name: 'kr', kubeconfig: file, inCluster: false })).toThrow(
      /context "kr" of .* names user "kr", which is not in it/,
    );
  });

  it('refuse a server without TLS unless that is meant', async () => {
    const text = kubeconfigFor('kr', 'http://kr.example').replace(
      '"insecure-skip-tls-verify":true',
      '"insecure-skip-tls-verify":false',
    );
    const file = await kubeconfig(text);

    expect(() => connectCluster({ name: 'kr', kubeconfig: file, inCluster: false })).toThrow(
      /its server http:\/\/kr.example is not https/,
    );
  });

  it('say that this is no pod', () => {
    expect(() => connectCluster({ name: 'kr', inCluster: true })).toThrow(
      /inCluster is set, but this process has no service account/,
    );
  });

  it('carry the code that callers branch on', () => {
    const connect = () => connectCluster({ name: 'kr', kubeconfig: '/none', inCluster: false });

    expect(connect).toThrow(expect.objectContaining({ code: 'cluster_config' }));
  });
});

describe('two clusters of one kubeconfig', () => {
  it('each send their own token to their own server', async () => {
    const answer = (_: unknown, response: Parameters<typeof sendJson>[0]) =>
      sendJson(response, 200, nodeBody('n'));
    const kr = await startLocalApiServer(answer);
    const jp = await startLocalApiServer(answer);
    const [a, b] = [kubeconfigFor('kr', kr.url), kubeconfigFor('jp', jp.url)].map((text) =>
      JSON.parse(text),
    );
    const both = {
      ...a,
      clusters: [...a.clusters, ...b.clusters],
      users: [...a.users, ...b.users],
      contexts: [...a.contexts, ...b.contexts],
    };
    const file = await kubeconfig(JSON.stringify(both));
    const [krCluster, jpCluster] = ['kr', 'jp'].map((name) =>
      connectCluster({ name, kubeconfig: file, context: name, inCluster: false }),
    );

    await Promise.all([
      krCluster?.get(Node, { name: 'n' }),
      jpCluster?.get(Node, { name: 'n' }),
      krCluster?.get(Node, { name: 'n' }),
    ]);

    const tokens = [kr, jp].map((server) =>
      server.seen.map(({ headers }) => headers.authorization),
    );
    await Promise.all([kr.stop(), jp.stop()]);
    expect(tokens).toEqual([['Bearer token-of-kr', 'Bearer token-of-kr'], ['Bearer token-of-jp']]);
  });
});

describe('credentials from a plugin', () => {
  function withPlugin(server: string, command: string, args: string[]): string {
    const config = JSON.parse(kubeconfigFor('kr', server));
    const exec = { apiVersion: 'client.authentication.k8s.io/v1', command, args };
    return JSON.stringify({ ...config, users: [{ name: 'kr', user: { exec } }] });
  }

  it('that hangs end the call in time, with nothing sent', async () => {
    const file = await kubeconfig(withPlugin('http://127.0.0.1:9', 'sleep', ['30']));
    const limits = { callTimeoutMs: 100, maxAttempts: 1 };
    const cluster = connectCluster({ name: 'kr', kubeconfig: file, inCluster: false }, limits);

    const call = cluster.delete(Node, { name: 'n', uid: 'u' });

    await expect(call).rejects.toMatchObject({ reason: 'NoCredentials', effectUncertain: false });
  });

  it('that prints a token in its error do not spread it', async () => {
    const jwt = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhZG1pbiJ9.c2lnbmF0dXJl';
    const script = `echo "bad token ${jwt}" >&2; exit 1`;
    const file = await kubeconfig(withPlugin('http://127.0.0.1:9', 'sh', ['-c', script]));
    const cluster = connectCluster(
      { name: 'kr', kubeconfig: file, inCluster: false },
      { maxAttempts: 1 },
    );

    const call = cluster.get(Node, { name: 'n' });

    await expect(call).rejects.toThrow(
      'its credentials could not be obtained (bad token [hidden]); check the credential plugin',
    );
  });

  it('is run once for calls at the same time', async () => {
    const server = await startLocalApiServer((_, response) =>
      sendJson(response, 200, nodeBody('n')),
    );
    const runs = join(directory, 'runs');
    const credential = JSON.stringify({ status: { token: 'from-plugin' } });
    const script = `echo run >> ${runs}; echo '${credential}'`;
    const file = await kubeconfig(withPlugin(server.url, 'sh', ['-c', script]));
    const cluster = connectCluster({ name: 'kr', kubeconfig: file, inCluster: false });

    await Promise.all(Array.from({ length: 5 }, () => cluster.get(Node, { name: 'n' })));

    const tokens = server.seen.map(({ headers }) => headers.authorization);
    await server.stop();
    expect(new Set(tokens)).toEqual(new Set(['Bearer from-plugin']));
    expect(await readFile(runs, 'utf8')).toBe('run\n');
  });
});
