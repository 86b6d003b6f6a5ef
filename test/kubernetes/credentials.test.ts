import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect, promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ClientLimits } from '../../src/kubernetes/client-limits.ts';
import { connectCluster } from '../../src/kubernetes/connect-cluster.ts';
import type { Cluster } from '../../src/kubernetes/kubernetes.ts';
import { Node } from '../../src/kubernetes/resources/node.ts';
import { failureOf } from './failure-of.ts';
import {
  kubeconfigFor,
  type LocalApiServer,
  nodeBody,
  sendJson,
  sendStatus,
  startLocalApiServer,
} from './local-api-server.ts';

const run = promisify(execFile);

let directory = '';
let servers: LocalApiServer[] = [];
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'handrail-test-'));
  servers = [];
});
afterEach(async () => {
  for (const server of servers) await server.stop();
  await rm(directory, { recursive: true });
});

/** Takes one token at a time, which the test may change. */
async function startServer(takes: { token: string }): Promise<LocalApiServer> {
  const server = await startLocalApiServer(({ headers }, response) => {
    if (headers.authorization === `Bearer ${takes.token}`) sendJson(response, 200, nodeBody('n'));
    else sendStatus(response, 401, { reason: 'Unauthorized', message: 'Unauthorized' });
  });
  servers.push(server);
  return server;
}

async function connect(
  file: string,
  { server, user }: { server: LocalApiServer; user: object },
  limits: Partial<ClientLimits> = {},
): Promise<Cluster> {
  const config = JSON.parse(kubeconfigFor('kr', server.url));
  const kubeconfig = join(directory, file);
  await writeFile(kubeconfig, JSON.stringify({ ...config, users: [{ name: 'kr', user }] }));
  return connectCluster({ name: 'kr', kubeconfig, inCluster: false }, limits);
}

const plugin = (script: string) => ({
  exec: { apiVersion: 'client.authentication.k8s.io/v1', command: 'sh', args: ['-c', script] },
});
const tokensSeen = ({ seen }: LocalApiServer) => seen.map(({ headers }) => headers.authorization);
const get = (cluster: Cluster) => cluster.get(Node, { name: 'n' });
const cordon = (cluster: Cluster) =>
  cluster.patch(
    Node,
    { name: 'n' },
    { patch: { type: 'merge', body: { spec: { unschedulable: true } } } },
  );

describe('a token file', () => {
  it.each([
    { what: 'read', call: get },
    { what: 'write', call: cordon },
  ])('that was written anew is read again for a $what that is answered 401', async ({ call }) => {
    const takes = { token: 'old' };
    const server = await startServer(takes);
    await writeFile(join(directory, 'token'), 'old\n');
    const cluster = await connect('a', { server, user: { tokenFile: 'token' } });
    await call(cluster);

    await writeFile(join(directory, 'token'), 'new\n');
    takes.token = 'new';
    await call(cluster);
    await call(cluster);

    expect(tokensSeen(server)).toEqual(['old', 'old', 'new', 'new'].map((it) => `Bearer ${it}`));
  });

  it('that still holds what was refused is not tried again', async () => {
    const server = await startServer({ token: 'other' });
    await writeFile(join(directory, 'token'), 'old');
    const cluster = await connect('a', { server, user: { tokenFile: 'token' } });

    const error = await failureOf(cordon(cluster));

    expect(error).toMatchObject({ status: 401, reason: 'Unauthorized', effectUncertain: false });
    expect(tokensSeen(server)).toEqual(['Bearer old']);
  });
});

describe('a token in the kubeconfig', () => {
  it('that is refused is sent once', async () => {
    const server = await startServer({ token: 'other' });
    const cluster = await connect('a', { server, user: { token: 'fixed' } });

    await failureOf(get(cluster));

    expect(tokensSeen(server)).toEqual(['Bearer fixed']);
  });
});

describe('a credential plugin', () => {
  const printing = (file: string) =>
    plugin(`echo run >> ${directory}/runs; printf '{"status":{"token":"%s"}}' "$(cat ${file})"`);

  it('is run again when its token is refused, once for calls at the same time', async () => {
    const takes = { token: 'old' };
    const server = await startServer(takes);
    const file = join(directory, 'current');
    await writeFile(file, 'old');
    const cluster = await connect('a', { server, user: printing(file) });
    await get(cluster);

    await writeFile(file, 'new');
    takes.token = 'new';
    await Promise.all([get(cluster), get(cluster), cordon(cluster)]);
    await get(cluster);

    expect(await readFile(`${directory}/runs`, 'utf8')).toBe('run\nrun\n');
    expect(tokensSeen(server).at(-1)).toBe('Bearer new');
  });

  it('that hangs is killed with all it has started, and run anew for a later call', async () => {
    const server = await startServer({ token: 'fine' });
    const script = `if [ -e ${directory}/hung ]; then echo '{"status":{"token":"fine"}}'; exit; fi
      touch ${directory}/hung; sleep 300 & echo $! > ${directory}/pid; wait`;
    const user = plugin(script);
    const limits = { callTimeoutMs: 1_000, pluginTimeoutMs: 300, maxAttempts: 1 };
    const cluster = await connect('a', { server, user }, limits);

    const error = await failureOf(get(cluster));
    await expect(get(cluster)).resolves.toMatchObject({ metadata: { name: 'n' } });

    expect(error.reason).toBe('NoCredentials');
    expect(error.message).toContain('the plugin sh has not ended within 0.3 s');
    const pid = Number(await readFile(`${directory}/pid`, 'utf8'));
    await expect.poll(() => isAlive(pid)).toBe(false);
  });

  it('is told for which cluster it is run, and that nobody can type anything', async () => {
    const server = await startServer({ token: 'fine' });
    const script = `printf %s "$KUBERNETES_EXEC_INFO" > ${directory}/info; cat; echo '{"status":{"token":"fine"}}'`;
    const { exec } = plugin(script);
    const cluster = await connect('a', {
      server,
      user: { exec: { ...exec, provideClusterInfo: true } },
    });

    await get(cluster);

    expect(JSON.parse(await readFile(`${directory}/info`, 'utf8'))).toMatchObject({
      kind: 'ExecCredential',
      spec: { interactive: false, cluster: { server: server.url } },
    });
  });

  it('that prints a token in its error puts it into no part of ours', async () => {
    const server = await startServer({ token: 'fine' });
    const user = plugin(
      'echo "bad token eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhZG1pbiJ9.c2ln" >&2; exit 1',
    );
    const cluster = await connect('a', { server, user }, { maxAttempts: 1 });

    const error = await failureOf(get(cluster));

    expect(error.message).toContain('bad token [hidden]');
    expect(inspect(error, { depth: 10 })).not.toContain('eyJ');
  });
});

describe('two clusters whose users have the same name', () => {
  it('each get what their own plugin and file say', async () => {
    const [kr, jp] = [await startServer({ token: 'kr' }), await startServer({ token: 'jp' })];
    await writeFile(join(directory, 'token'), 'jp');
    const echo = (token: string) => plugin(`echo '{"status":{"token":"${token}"}}'`);
    const clusters = [
      await connect('a', { server: kr, user: echo('kr') }),
      await connect('b', { server: jp, user: echo('jp') }),
      await connect('c', { server: jp, user: { tokenFile: 'token' } }),
    ];

    await Promise.all(clusters.flatMap((cluster) => [get(cluster), cordon(cluster)]));

    expect(new Set(tokensSeen(kr))).toEqual(new Set(['Bearer kr']));
    expect(new Set(tokensSeen(jp))).toEqual(new Set(['Bearer jp']));
  });
});

/** One that has ended may stand in the list until somebody asks for its end. */
async function isAlive(pid: number): Promise<boolean> {
  const { stdout } = await run('ps', ['-o', 'stat=', '-p', String(pid)]).catch(() => ({
    stdout: '',
  }));
  return stdout.trim() !== '' && !stdout.startsWith('Z');
}
