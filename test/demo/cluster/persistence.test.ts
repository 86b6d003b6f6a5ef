import { fork } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type SimulatedCluster,
  startSimulatedCluster,
} from '../../../src/demo/cluster/simulated-cluster.ts';
import { clientOf, node, readyPods, statusOf, until, workload } from './client.ts';

let directory: string;
let dataFile: string;
let running: SimulatedCluster | undefined;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'simulated-cluster-'));
  dataFile = join(directory, 'world.jsonl');
});
afterEach(async () => {
  await running?.stop();
  running = undefined;
  await rm(directory, { recursive: true });
});

async function start(): Promise<SimulatedCluster> {
  const seed = [node('n-1'), node('n-2')];
  running = await startSimulatedCluster({ name: 'kept', region: 'test', seed, dataFile });
  return running;
}

describe('a world with a data file', () => {
  it('is there again after a restart, and goes on', async () => {
    const first = await start();
    first.world.apply(workload('Deployment', 'web', { replicas: 2 }));
    const before = await readyPods(first, 'web', 2);
    const revision = await revisionOf(first);
    await first.stop();

    const second = await start();
    const after = await readyPods(second, 'web', 2);
    await clientOf(second)(`DELETE /api/v1/namespaces/shop/pods/${after[0]?.metadata.name}`);

    expect(after.map((pod) => pod.metadata.uid)).toEqual(before.map((pod) => pod.metadata.uid));
    expect(await revisionOf(second)).toBeGreaterThanOrEqual(revision);
    await until(() => second.world.get('Pod', after[0]?.metadata.name ?? '', 'shop') === undefined);
    await readyPods(second, 'web', 2);
  });

  it('keeps a dead kubelet dead', async () => {
    const first = await start();
    first.world.killKubelet('n-1');
    await first.stop();

    const second = await start();

    await until(() => statusOf(second.world.get('Node', 'n-1'), 'Ready') === 'Unknown');
    expect(statusOf(second.world.get('Node', 'n-2'), 'Ready')).not.toBe('Unknown');
  });

  it('has lost no answered change after a kill -9, and overlooks a torn last line', async () => {
    const script = new URL('./cluster-process.ts', import.meta.url);
    const child = fork(script, [dataFile], { execPath: process.execPath });
    const [{ url, token }] = await once(child, 'message');
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    let answered = 0;
    for (let index = 0; index < 50; index += 1) {
      const body = JSON.stringify({ metadata: { name: `c-${index}` } });
      const path = `${url}/api/v1/namespaces/default/configmaps`;
      const response = await fetch(path, { method: 'POST', headers, body });
      if (response.status === 201) answered += 1;
    }
    child.kill('SIGKILL');
    await once(child, 'exit');
    await appendFile(dataFile, '{"revision":99999,"put":{"kind":"ConfigM');

    const again = await start();

    expect(answered).toBe(50);
    expect(again.world.list('ConfigMap', 'default')).toHaveLength(50);
  });

  it('is compacted at the start', async () => {
    const first = await start();
    for (let index = 0; index < 200; index += 1) {
      first.world.apply({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'same', namespace: 'default' },
        data: { index: String(index) },
      });
    }
    await first.stop();
    const before = (await readFile(dataFile, 'utf8')).split('\n').length;

    await (await start()).stop();
    running = undefined;

    const after = (await readFile(dataFile, 'utf8')).split('\n').length;
    expect(before).toBeGreaterThan(200);
    expect(after).toBeLessThan(100);
  });
});

async function revisionOf(cluster: SimulatedCluster): Promise<number> {
  const { body } = await clientOf(cluster)('GET /api/v1/configmaps');
  return Number(body.metadata.resourceVersion);
}
