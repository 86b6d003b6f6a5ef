import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Pod } from '../../../src/kubernetes/resources/pod.ts';
import { emptyMemory } from '../execute-context.ts';
import { attachment, barePod, claim, deployment, volume } from '../manifests.ts';
import { type DrainWorld, startDrainWorld } from './drain-world.ts';

const SLOW_STOP = { annotations: { 'simulation/stop-factor': '10' } };
const HELD = { finalizers: ['example.com/hold'] };
let test: DrainWorld;

beforeEach(async () => {
  test = await startDrainWorld();
});
afterEach(() => test.stop());

async function remove(name: string): Promise<void> {
  const pod = test.world.get('Pod', name, 'web');
  if (pod === undefined) throw new Error(`no pod ${name}`);
  const deletionTimestamp = new Date().toISOString();
  test.world.apply({ ...pod, metadata: { ...pod.metadata, deletionTimestamp } });
}

describe('a pod that was Terminating before the drain', () => {
  it('is not evicted, and is waited for', async () => {
    await test.place('w-1', [deployment('api'), barePod('old', 'w-1', { metadata: HELD })]);
    await remove('old');
    const effects = await test.planned();
    const memory = emptyMemory();
    const draining = test.drain(effects, { memory });
    await vi.waitUntil(
      () => memory.progress.some(({ waiting }) => waiting?.startsWith('web/old is ending')),
      { timeout: 5_000 },
    );
    test.world.remove('Pod', 'old', 'web');
    expect(await draining).toMatchObject({ left: [] });
    expect(test.evictedUids()).toEqual(effects.map(({ object }) => object.uid));
    expect(effects).toHaveLength(1);
  });

  it('has its volumes waited for, too', async () => {
    const volumes = [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }];
    for (const manifest of [volume(), claim(), attachment('csi-1', 'w-1')]) {
      test.world.apply(manifest);
    }
    await test.place('w-1', [barePod('old', 'w-1', { metadata: HELD, spec: { volumes } })]);
    await remove('old');
    const memory = emptyMemory();
    const draining = test.drain(await test.planned(), { memory });
    const says = (text: string) =>
      vi.waitUntil(() => memory.progress.some(({ waiting }) => waiting?.includes(text)), {
        timeout: 5_000,
      });
    await says('web/old is ending');
    test.world.remove('Pod', 'old', 'web');
    await says('pv-1');
    test.world.remove('VolumeAttachment', 'csi-1');
    expect(await draining).toMatchObject({ left: [] });
  });

  it('and does not end in its grace period is reported, with its finalizers, and stops nothing', async () => {
    await test.place('w-1', [deployment('api'), barePod('old', 'w-1', { metadata: HELD })]);
    await remove('old');
    const outcome = await test.drain(await test.planned());
    expect(outcome.left).toEqual([
      'web/old is still Terminating: it waits for its finalizers example.com/hold; see what their owner waits for',
    ]);
    await test.ready('api', 1);
  });
});

describe('a pod that begins to leave between plan and drain', () => {
  it('is followed until its workload is whole again', async () => {
    await test.place('w-1', [deployment('api', { replicas: 2, template: SLOW_STOP })]);
    const effects = await test.planned();
    const [first] = effects;
    const { uid, name } = first?.object ?? { uid: '', name: '' };
    await test.cluster.delete(Pod, { name, namespace: 'web', uid });
    await test.drain(effects);
    expect(await test.podsOn('w-1')).toEqual([]);
    expect((await test.ready('api', 2)).every(({ spec }) => spec.nodeName !== 'w-1')).toBe(true);
  });
});

describe('a pod that the drain has evicted', () => {
  it('and that does not end in its grace period stops the drain, with its finalizers', async () => {
    await test.place('w-1', [barePod('tool', 'w-1', { metadata: HELD }), deployment('zoo')]);
    const effects = await test.planned({ accepted: ['bare-pods'] });
    await expect(test.drain(effects, { input: { maxParallel: 1 } })).rejects.toMatchObject({
      code: 'pod_stuck',
      message: expect.stringMatching(/web\/tool is still Terminating .* example.com\/hold/),
    });
  });
});
