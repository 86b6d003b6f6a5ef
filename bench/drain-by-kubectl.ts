import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { type MeasuredCluster, NODE } from './measured-cluster.ts';

const run = promisify(execFile);
const OLDEST_MINOR = 30;

/** The version of the kubectl on the PATH, or why it cannot be compared with. */
export async function kubectlVersion(): Promise<{ version: string } | { missing: string }> {
  try {
    const { stdout } = await run('kubectl', ['version', '--client', '--output=json']);
    const { clientVersion } = JSON.parse(stdout) as { clientVersion: { gitVersion: string } };
    const version = clientVersion.gitVersion;
    const minor = Number(/^v1\.(\d+)/.exec(version)?.[1] ?? 0);
    if (minor >= OLDEST_MINOR) return { version };
    return { missing: `kubectl ${version} is older than 1.${OLDEST_MINOR}` };
  } catch {
    return { missing: 'there is no kubectl on the PATH' };
  }
}

export async function drainByKubectl(cluster: MeasuredCluster): Promise<void> {
  const proxy = await startProxy(cluster);
  try {
    const empty = ['--kubeconfig', '/dev/null', '--server', proxy.url];
    await run('kubectl', [...empty, 'drain', NODE, '--timeout=10m']);
  } finally {
    await proxy.stop();
  }
}

/** Adds the token, as kubectl sends none without TLS. Every request is passed on as it comes. */
async function startProxy({ url, token }: MeasuredCluster) {
  const server = createServer((incoming, outgoing) => {
    const headers = { ...incoming.headers, authorization: `Bearer ${token}` };
    const onward = request(url + incoming.url, { method: incoming.method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    outgoing.on('close', () => onward.destroy());
    incoming.pipe(onward);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
