import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { stringify } from 'yaml';
import type { ClusterUnderTest } from './cluster-under-test.ts';
import { startTokenProxy } from './token-proxy.ts';

const run = promisify(execFile);

/** The real kubectl, on the cluster under test and in its namespace. */
export interface Kubectl {
  /** @returns what it printed, without the last line break. @throws Error with what it complained of */
  run(...args: readonly string[]): Promise<string>;
  /** Applies manifests, as from a file. */
  apply(...manifests: readonly object[]): Promise<string>;
  close(): Promise<void>;
}

/** Why there is no kubectl to test with; undefined where there is one. */
export async function whyNoKubectl(): Promise<string | undefined> {
  try {
    await run('kubectl', ['version', '--client']);
    return undefined;
  } catch {
    return 'there is no kubectl on the PATH';
  }
}

export async function openKubectl(cluster: ClusterUnderTest): Promise<Kubectl> {
  const directory = await mkdtemp(join(tmpdir(), 'handrail-kubectl-'));
  const file = join(directory, 'config');
  const proxy = await proxyFor(cluster);
  const config = proxy === undefined ? cluster.api.kubeconfig : throughProxy(proxy.url);
  // It holds whatever the given kubeconfig held.
  await writeFile(file, config, { mode: 0o600 });
  const common = ['--kubeconfig', file, '--cache-dir', directory, '-n', cluster.namespace];
  const kubectl = async (args: readonly string[]) =>
    (await run('kubectl', [...common, ...args])).stdout.trimEnd();
  return {
    run: async (...args) => await kubectl(args),
    async apply(...manifests) {
      const path = join(directory, 'manifests.yml');
      await writeFile(path, manifests.map((each) => stringify(each)).join('---\n'));
      return await kubectl(['apply', '-f', path]);
    },
    async close() {
      await proxy?.stop();
      await rm(directory, { recursive: true });
    },
  };
}

/** For a cluster without TLS, as simulated ones are. */
async function proxyFor({ api }: ClusterUnderTest) {
  const { server, token } = api;
  if (!server.startsWith('http:')) return undefined;
  return await startTokenProxy({ url: server, token });
}

function throughProxy(server: string): string {
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'proxy', cluster: { server } }],
    contexts: [{ name: 'proxy', context: { cluster: 'proxy', user: '' } }],
    'current-context': 'proxy',
  });
}
