import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { startTokenProxy } from '../test/contract/cluster/token-proxy.ts';
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
  const proxy = await startTokenProxy(cluster);
  try {
    const empty = ['--kubeconfig', '/dev/null', '--server', proxy.url];
    await run('kubectl', [...empty, 'drain', NODE, '--timeout=10m']);
  } finally {
    await proxy.stop();
  }
}
