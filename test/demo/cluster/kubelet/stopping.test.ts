import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type Client, clientOf, merge, node, statusOf } from '../client.ts';
import { podWithImage, useSlowCluster } from './slow-cluster.ts';

const directory = mkdtempSync(join(tmpdir(), 'kubelets-'));
afterAll(() => rmSync(directory, { recursive: true }));

const slow = useSlowCluster(() => [node('n-1')]);
const path = '/api/v1/namespaces/shop/pods/web';

async function run(metadata: object = {}): Promise<Client> {
  const manifest = podWithImage('web', 'registry.example/app:1');
  slow.world.apply({ ...manifest, metadata: { ...manifest.metadata, ...metadata } });
  await slow.pass(30);
  return clientOf(slow.cluster);
}

function isThere(): boolean {
  return slow.world.get('Pod', 'web', 'shop') !== undefined;
}

describe('a pod that is deleted', () => {
  it('is told so, and is gone when its containers have stopped', async () => {
    const call = await run();

    await call(`DELETE ${path}`);
    await slow.pass(1);
    const during = isThere();
    await slow.pass(2);

    expect([during, isThere()]).toEqual([true, false]);
    expect(slow.said('web')).toContain('Normal Killing: Stopping container main');
  });

  it('stays for all of its grace period when its container ignores SIGTERM', async () => {
    const call = await run({ annotations: { 'simulation/ignores-sigterm': 'true' } });

    await call(`DELETE ${path}`);
    await slow.pass(29);
    const during = isThere();
    await slow.pass(1);

    expect([during, isThere()]).toEqual([true, false]);
  });

  it('stays Terminating past its grace period while it is held, over a restart too', async () => {
    const dataFile = join(directory, 'held.jsonl');
    await slow.restart(dataFile);
    const call = await run();
    slow.world.holdPod('web', 'shop');
    await call(`DELETE ${path}`);
    await slow.pass(600);
    await slow.restart(dataFile);
    await slow.pass(600);
    const { deletionTimestamp } = slow.pod('web').metadata;

    slow.world.releasePod('web', 'shop');
    await slow.pass(3);

    expect(Date.parse(deletionTimestamp)).toBeLessThan(slow.now() - 1100_000);
    expect(isThere()).toBe(false);
  });

  it('leaves the API at once when it is deleted without grace, held or not', async () => {
    const call = await run();
    slow.world.holdPod('web', 'shop');

    await call(`DELETE ${path}`, { gracePeriodSeconds: 0 });

    expect(isThere()).toBe(false);
  });

  it('with a finalizer has stopped, and is gone when the finalizer is', async () => {
    const call = await run({ finalizers: ['example.com/keep'] });
    await call(`DELETE ${path}`);
    await slow.pass(60);
    const stopped = slow.pod('web');
    await slow.pass(600);
    const later = slow.pod('web');

    await call(`PATCH ${path}`, { metadata: { finalizers: null } }, merge);

    expect(stopped.status).toMatchObject({
      phase: 'Succeeded',
      containerStatuses: [{ ready: false, state: { terminated: { exitCode: 0 } } }],
    });
    expect(stopped.metadata.deletionGracePeriodSeconds).toBe(0);
    expect(later.metadata.deletionTimestamp).toBe(stopped.metadata.deletionTimestamp);
    expect(isThere()).toBe(false);
  });

  it('stays when its kubelet is dead, and goes when it is back', async () => {
    const call = await run();
    slow.world.killKubelet('n-1');
    await call(`DELETE ${path}`);
    await slow.pass(3600);
    const during = isThere();

    slow.world.reviveKubelet('n-1');
    await slow.pass(3);

    expect([during, isThere()]).toEqual([true, false]);
  });
});

describe('what a kubelet was told', () => {
  it('is still so after a restart of the process', async () => {
    const dataFile = join(directory, 'told.jsonl');
    await slow.restart(dataFile);
    slow.world.setImageSource('registry.example', { failure: 'rate_limited' });
    slow.world.setNodePulls('n-1', { slowness: 3 });
    slow.world.setNodeMemoryUse('n-1', '8Gi');
    await slow.pass(1);
    await slow.restart(dataFile);

    const { spec, ...rest } = podWithImage('web', 'registry.example/app:1');
    slow.world.apply({ ...rest, spec: { ...(spec as object), nodeName: 'n-1' } });
    await slow.pass(3);

    expect(slow.container('web').state.waiting.reason).toBe('ImagePullBackOff');
    expect(statusOf(slow.world.get('Node', 'n-1'), 'MemoryPressure')).toBe('True');
  });
});
