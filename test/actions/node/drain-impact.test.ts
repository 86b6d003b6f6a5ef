import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { inEnglish } from '../../../src/language/translate.ts';
import { deployment, node, service } from '../manifests.ts';
import { type DrainWorld, startDrainWorld, verdicts } from './drain-world.ts';

let test: DrainWorld;

beforeEach(async () => {
  test = await startDrainWorld();
});
afterEach(() => test.stop());

describe('node/drain plan: impact', () => {
  it('warns that the only replica of a workload is down meanwhile', async () => {
    await test.place('w-1', [deployment('single'), deployment('pair', { replicas: 2 })]);
    const texts = (await test.planCordoned()).warnings.map(({ text }) => inEnglish(text));
    expect(texts.filter((text) => text.includes('one replica'))).toEqual([
      expect.stringContaining('Deployment web/single'),
    ]);
  });

  it('estimates which pods fit elsewhere, and which do not', async () => {
    const requests = { resources: { requests: { memory: '1Gi' } } };
    const containers = [{ name: 'main', image: 'registry.example/x:1', ...requests }];
    const hostname = { 'kubernetes.io/hostname': 'w-1' };
    const { uid = '' } = test.world.get('Node', 'w-1')?.metadata ?? {};
    test.world.apply(node('w-1', { metadata: { uid, labels: hostname } }));
    await test.place('w-1', [
      deployment('small', { pod: { containers } }),
      deployment('picky', { pod: { containers, nodeSelector: hostname } }),
    ]);
    const plan = await test.planCordoned();
    const room = plan.findings.find(({ title }) => inEnglish(title).startsWith('Room'));
    expect(room?.title).toBe('Room: 1 of 2 pods fits on the other nodes (an estimate)');
    expect(room?.lines).toMatchObject([
      { subject: expect.stringContaining('web/picky'), verdict: 'no room' },
      { subject: 'on w-2' },
    ]);
    expect(plan.warnings.map(({ code }) => code)).toContain('no_room');
  });

  it('finds no room where the requests of all pods together are too much', async () => {
    const requests = { resources: { requests: { memory: '9.5Gi', cpu: '100m' } } };
    const pod = { containers: [{ name: 'main', image: 'registry.example/x:1', ...requests }] };
    test.world.remove('Node', 'w-3');
    await test.place('w-2', [deployment('there', { pod })]);
    await test.place('w-1', [deployment('here', { pod })]);
    const plan = await test.planCordoned();
    const room = plan.findings.find(({ title }) => inEnglish(title).startsWith('Room'));
    expect(room?.lines[0]?.detail).toContain('enough memory');
  });

  it('shows the service tiles that lose endpoints: now, meanwhile and after', async () => {
    await test.place('w-1', [deployment('api', { replicas: 2 }), service('api')]);
    await test.place('w-2', [deployment('web', { replicas: 2 }), service('web')]);
    test.world.apply(deployment('api', { replicas: 3 }));
    await test.ready('api', 3);
    const tiles = [
      { name: 'console', services: ['web/api'] },
      { name: 'untouched', services: ['web/web'] },
    ];
    const plan = await test.planCordoned({ facts: { tiles } });
    expect(plan.tiles).toEqual([{ name: 'console', readyNow: 3, readyWhile: 2, readyAfter: 3 }]);
    expect(plan.outputs).toMatchObject({ tiles: [{ name: 'console', ready: 3 }] });
  });

  it.each([
    [1, 3],
    [4, 2],
  ])(
    'counts one pod of each workload as away where %d may leave at once',
    async (maxParallel, readyWhile) => {
      await test.place('w-1', [
        deployment('api', { replicas: 2 }),
        deployment('web', { replicas: 2 }),
        service('api'),
        service('web'),
      ]);
      const tiles = [{ name: 'console', services: ['web/api', 'web/web'] }];
      const plan = await test.planCordoned({ facts: { tiles }, input: { maxParallel } });
      expect(plan.tiles).toEqual([{ name: 'console', readyNow: 4, readyWhile, readyAfter: 4 }]);
    },
  );

  it.each([
    [1, 'one at a time'],
    [4, 'up to 2 at a time, never two of one workload'],
  ])('says the pace where %d may leave at once', async (maxParallel, pace) => {
    await test.place('w-1', [deployment('api', { replicas: 2 }), deployment('web')]);
    const plan = await test.planCordoned({ input: { maxParallel } });
    expect(plan.summary).toBe(`evict 3 pods from w-1, ${pace}`);
  });

  it('names a tile whose service does not exist', async () => {
    const tiles = [{ name: 'ghost', services: ['web/ghost'] }];
    const plan = await test.planCordoned({ facts: { tiles } });
    expect(plan.warnings).toMatchObject([{ code: 'tile_service_unknown' }]);
  });

  it('stops where the API server denies the eviction itself', async () => {
    await test.place('w-1', [deployment('api')]);
    test.world.faults = [({ path }) => (path.endsWith('/eviction') ? { status: 403 } : undefined)];
    const plan = await test.planCordoned();
    expect(plan.blockers).toMatchObject([{ code: 'eviction_denied' }]);
    expect(plan.blockers[0]?.exception).toBeUndefined();
  });

  it('says so where the API server gives no clear answer', async () => {
    await test.place('w-1', [deployment('api')]);
    test.world.faults = [({ path }) => (path.endsWith('/eviction') ? { status: 503 } : undefined)];
    const plan = await test.planCordoned();
    expect(plan.warnings.map(({ code }) => code)).toContain('preflight_incomplete');
    expect(verdicts(plan)).toEqual({ api: 'leaves now' });
  });
});
