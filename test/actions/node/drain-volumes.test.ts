import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { emptyMemory, toldTexts } from '../execute-context.ts';
import { attachment, barePod, claim, deployment, volume } from '../manifests.ts';
import { type DrainWorld, startDrainWorld } from './drain-world.ts';

const DATA = [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }];
let test: DrainWorld;

beforeEach(async () => {
  test = await startDrainWorld();
});
afterEach(() => test.stop());

describe('a drain and VolumeAttachments', () => {
  it('waits until those of the pods that left are gone', async () => {
    test.world.apply(attachment('csi-1', 'w-1'));
    await test.place('w-1', [deployment('api')]);
    const memory = emptyMemory();
    const draining = test.drain(await test.planned(), { memory });
    await vi.waitUntil(() => memory.progress.some(({ waiting }) => waiting?.includes('pv-1')), {
      timeout: 5_000,
    });
    test.world.remove('VolumeAttachment', 'csi-1');
    expect(await draining).toMatchObject({ left: [] });
  });

  it('says which are still there when their time is over', async () => {
    test.world.apply(attachment('csi-1', 'w-1'));
    const memory = emptyMemory();
    const outcome = await test.drain(await test.planned(), {
      memory,
      input: { volumeTimeout: 5_000 },
    });
    expect(outcome.left?.join()).toContain('pv-1');
    expect(toldTexts(memory).join()).toContain('pv-1');
  });

  it('does not wait for those of pods that stay', async () => {
    test.world.apply(attachment('csi-1', 'w-1'));
    test.world.apply(volume());
    test.world.apply(claim());
    const mirror = { annotations: { 'kubernetes.io/config.mirror': 'x' } };
    const spec = { volumes: DATA };
    await test.place('w-1', [barePod('static', 'w-1', { metadata: mirror, spec })]);
    const outcome = await test.drain(await test.planned());
    expect(outcome.left).toEqual([]);
  });
});

describe('a drain plan and volumes', () => {
  it.each([
    ['local', { local: { path: '/mnt/disk-1' } }],
    ['hostPath', { hostPath: { path: '/mnt/disk-1' } }],
  ])("says of a %s PersistentVolume that it is on the node's own disk", async (_, source) => {
    test.world.apply(volume(source));
    test.world.apply(claim());
    await test.place('w-1', [deployment('db', { pod: { volumes: DATA } })]);
    test.cordon('w-1');
    const { warnings } = await test.plan();
    expect(warnings.filter(({ code }) => code === 'node_local_volume')).toMatchObject([
      {
        text: expect.stringMatching(
          /uses PersistentVolume pv-1 on the node's own disk: it does not move/,
        ),
      },
    ]);
  });

  it('says nothing of a volume that can be attached elsewhere', async () => {
    test.world.apply(volume());
    test.world.apply(claim());
    await test.place('w-1', [deployment('db', { pod: { volumes: DATA } })]);
    test.cordon('w-1');
    const codes = (await test.plan()).warnings.map(({ code }) => code);
    expect(codes).not.toContain('node_local_volume');
  });
});
