import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { emptyMemory, toldTexts } from '../execute-context.ts';
import { barePod, budget, deployment } from '../manifests.ts';
import { type DrainWorld, startDrainWorld } from './drain-world.ts';

let test: DrainWorld;

beforeEach(async () => {
  test = await startDrainWorld();
});
afterEach(() => test.stop());

async function planned(options?: Parameters<DrainWorld['plan']>[0]) {
  test.cordon('w-1');
  return (await test.plan(options)).effects;
}

/** Answers evictions so, dry runs excepted, as often as given. */
function refuseEvictions(status: number, times: number) {
  let left = times;
  test.world.faults = [
    ({ path, dryRun }) => {
      if (!path.endsWith('/eviction') || dryRun || left === 0) return undefined;
      left -= 1;
      return { status };
    },
  ];
}

function attachment(name: string, volume: string) {
  return {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'VolumeAttachment',
    metadata: { name },
    spec: { attacher: 'csi.example', nodeName: 'w-1', source: { persistentVolumeName: volume } },
    status: { attached: true },
  };
}

describe('node/drain, refused', () => {
  it('stops where the API server denies an eviction for good', async () => {
    await test.place('w-1', [deployment('api')]);
    const effects = await planned();
    refuseEvictions(403, 1);
    await expect(test.drain(effects)).rejects.toMatchObject({ code: 'eviction_refused' });
    expect(test.evictedUids()).toEqual([]);
  });

  it.each([500, 503, 504])('asks again after the API server failed with %d', async (status) => {
    await test.place('w-1', [deployment('api')]);
    const effects = await planned();
    refuseEvictions(status, 2);
    await test.drain(effects);
    expect(test.evictedUids()).toEqual(effects.map(({ object }) => object.uid));
  });

  it('gives up in time on an API server that never answers well', async () => {
    await test.place('w-1', [deployment('api')]);
    const effects = await planned();
    refuseEvictions(503, -1);
    await expect(test.drain(effects, { input: { podTimeout: 30_000 } })).rejects.toMatchObject({
      code: 'drain_timeout',
    });
  });

  it('stops at a pod that has come under a second budget', async () => {
    await test.place('w-1', [
      deployment('api', { replicas: 2 }),
      budget('api', { maxUnavailable: 1 }),
    ]);
    const effects = await planned();
    test.world.apply(budget('second', { maxUnavailable: 1 }, 'api'));
    await expect(test.drain(effects)).rejects.toMatchObject({ code: 'eviction_never' });
    expect(test.evictedUids()).toEqual([]);
  });

  it('waits out a namespace that is going away', async () => {
    await test.place('w-1', [barePod('tool', 'w-1')]);
    const effects = await planned({ accepted: ['bare-pods'] });
    const namespace = test.world.get('Namespace', 'web');
    if (namespace === undefined) throw new Error('no namespace');
    const deletionTimestamp = new Date().toISOString();
    test.world.apply({
      ...namespace,
      metadata: { ...namespace.metadata, deletionTimestamp, finalizers: ['test/hold'] },
      status: { phase: 'Terminating' },
    });
    await test.drain(effects);
    expect(await test.podsOn('w-1')).toEqual([]);
  });

  it('does not take a budget for recovered while it has not counted the last eviction', async () => {
    await test.place('w-1', [
      deployment('api', { replicas: 2 }),
      budget('api', { maxUnavailable: 1 }),
    ]);
    const effects = await planned();
    await test.drain(effects);
    const refusals = test.world.requests.filter(
      ({ path, dryRun, status }) => path.endsWith('/eviction') && !dryRun && status === 429,
    );
    expect(refusals).toEqual([]);
  });
});

describe('node/drain and volumes', () => {
  it('waits until the volumes of the pods that left are detached', async () => {
    test.world.apply(attachment('csi-1', 'pv-1'));
    await test.place('w-1', [deployment('api')]);
    const memory = emptyMemory();
    const draining = test.drain(await planned(), { memory });
    await vi.waitUntil(() => memory.progress.some(({ waiting }) => waiting?.includes('pv-1')));
    test.world.remove('VolumeAttachment', 'csi-1');
    expect(await draining).toMatchObject({ left: [] });
  });

  it('says which are still attached when their time is over', async () => {
    test.world.apply(attachment('csi-1', 'pv-1'));
    const memory = emptyMemory();
    const outcome = await test.drain(await planned(), { memory, input: { volumeTimeout: 5_000 } });
    expect(outcome.left?.join()).toContain('pv-1');
    expect(toldTexts(memory).join()).toContain('pv-1');
  });

  it('does not wait for the volumes of pods that stay', async () => {
    test.world.apply(attachment('csi-1', 'pv-1'));
    test.world.apply({
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'data', namespace: 'web' },
      spec: { volumeName: 'pv-1' },
    });
    const volumes = [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }];
    const mirror = { annotations: { 'kubernetes.io/config.mirror': 'x' } };
    await test.place('w-1', [barePod('static', 'w-1', { metadata: mirror, spec: { volumes } })]);
    const outcome = await test.drain(await planned());
    expect(outcome.left).toEqual([]);
  });
});
