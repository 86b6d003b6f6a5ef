import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Deployment } from '../../../src/kubernetes/resources/deployment.ts';
import { emptyMemory, toldTexts } from '../execute-context.ts';
import { budget, deployment } from '../manifests.ts';
import { type DrainWorld, fewestReady, startDrainWorld } from './drain-world.ts';

const surge = { surge: true };
let test: DrainWorld;

beforeEach(async () => {
  test = await startDrainWorld();
});
afterEach(() => test.stop());

function generationOf(name: string): number {
  return test.world.get('Deployment', name, 'web')?.metadata.generation ?? 0;
}

describe('node/drain of a single replica: its new pod is surged first', () => {
  it('has the new pod Ready elsewhere before the old one goes, and evicts nothing', async () => {
    await test.place('w-1', [deployment('api')]);
    const effects = await test.planned({ input: surge });
    const memory = emptyMemory();
    const draining = test.drain(effects, { input: surge, memory });
    expect(await fewestReady(test, 'api', draining)).toBe(1);
    const [pod] = await test.ready('api', 1);
    expect(pod?.spec.nodeName).not.toBe('w-1');
    expect(await test.podsOn('w-1')).toEqual([]);
    expect(test.evictedUids()).toEqual([]);
    expect(await draining).toMatchObject({ changed: true, left: [] });
    expect(toldTexts(memory)).toEqual([
      `restarted Deployment web/api: its new pod is Ready on ${pod?.spec.nodeName}`,
    ]);
  });

  it('moves a pod that its budget never lets be evicted, and keeps the budget', async () => {
    await test.place('w-1', [deployment('api'), budget('api', { minAvailable: 1 })]);
    const effects = await test.planned({ input: surge });
    expect(await fewestReady(test, 'api', test.drain(effects, { input: surge }))).toBe(1);
    expect(await test.podsOn('w-1')).toEqual([]);
  });

  it('comes before the evictions of the others', async () => {
    await test.place('w-1', [deployment('many', { replicas: 2 }), deployment('single')]);
    const effects = await test.planned({ input: surge });
    await test.drain(effects, { input: surge });
    const changes = test.world.requests.flatMap(({ path, method, dryRun }) => {
      if (dryRun) return [];
      if (path.endsWith('/eviction')) return ['evict'];
      return method === 'PATCH' ? ['restart'] : [];
    });
    expect(changes).toEqual(['restart', 'evict', 'evict']);
  });

  it('stops where the new pod does not become Ready, says why, and leaves the old one serving', async () => {
    await test.place('w-1', [deployment('api'), deployment('web', { replicas: 2 })]);
    const effects = await test.planned({ input: surge });
    for (const name of ['w-2', 'w-3']) test.cordon(name);
    const input = { ...surge, podTimeout: 60_000 };
    await expect(test.drain(effects, { input })).rejects.toMatchObject({
      code: 'rollout_timeout',
      message: expect.stringMatching(
        /its new pod is not Ready after .*: web\/api-\S+ finds no node: .*; the old pod still serves/,
      ),
    });
    expect(test.evictedUids()).toEqual([]);
    await test.ready('api', 1);
  });

  it('stops where the image of the new pod cannot be pulled, and says so', async () => {
    await test.place('w-1', [deployment('api')]);
    const effects = await test.planned({ input: surge });
    test.world.setImageSource('registry.example/api:1', { failure: 'not_found' });
    await expect(
      test.drain(effects, { input: { ...surge, podTimeout: 60_000 } }),
    ).rejects.toMatchObject({
      code: 'rollout_timeout',
      message: expect.stringMatching(
        /web\/api-\S+ is Pending and not Ready \((ErrImagePull|ImagePullBackOff): /,
      ),
    });
    await test.ready('api', 1);
  });

  it('restarts once, though the process dies right after it and is started again', async () => {
    await test.place('w-1', [deployment('api')]);
    const effects = await test.planned({ input: surge });
    const memory = emptyMemory();
    await expect(
      test.drain(effects, { input: surge, memory, diesAfter: () => true }),
    ).rejects.toMatchObject({ code: 'process_died' });
    await test.drain(effects, { input: surge, memory });
    expect(generationOf('api')).toBe(2);
    expect([...memory.journal.values()].map(({ status }) => status)).toEqual(['done']);
    expect(await test.podsOn('w-1')).toEqual([]);
  });

  it('restarts once when the answer was lost', async () => {
    await test.place('w-1', [deployment('api')]);
    const effects = await test.planned({ input: surge });
    let lost = 0;
    test.world.faults = [
      ({ method, path }) => {
        if (method !== 'PATCH' || !path.endsWith('/deployments/api') || lost > 0) return undefined;
        lost += 1;
        return { reset: 'after' };
      },
    ];
    await test.drain(effects, { input: surge });
    expect(lost).toBe(1);
    expect(generationOf('api')).toBe(2);
  });

  it('does not restart a Deployment whose pod has left since the plan', async () => {
    await test.place('w-1', [deployment('api')]);
    const effects = await test.planned({ input: surge });
    const annotations = { 'kubectl.kubernetes.io/restartedAt': 'somebody else did' };
    test.world.apply(deployment('api', { template: { annotations } }));
    await vi.waitUntil(async () => (await test.podsOn('w-1')).length === 0, { timeout: 5_000 });
    const before = generationOf('api');
    const memory = emptyMemory();
    const outcome = await test.drain(effects, { input: surge, memory });
    expect(outcome.changed).toBe(false);
    expect(generationOf('api')).toBe(before);
    expect(toldTexts(memory).join()).toContain('its pod has left already');
  });

  it('does not restart a namesake, and does not go on while the pod is there', async () => {
    await test.place('w-1', [deployment('api')]);
    const [effect] = await test.planned({ input: surge });
    if (effect === undefined) throw new Error('no effect');
    const stale = { ...effect, object: { ...effect.object, uid: 'another' } };
    await expect(test.drain([stale], { input: surge })).rejects.toMatchObject({
      code: 'pod_not_moved',
    });
    expect(generationOf('api')).toBe(1);
  });

  it('stops where the Deployment has changed so that a restart would take it down', async () => {
    await test.place('w-1', [deployment('api')]);
    const effects = await test.planned({ input: surge });
    test.world.apply(deployment('api', { spec: { strategy: { type: 'Recreate' } } }));
    await expect(test.drain(effects, { input: surge })).rejects.toMatchObject({
      code: 'restart_not_possible',
      message: expect.stringContaining('its strategy is Recreate'),
    });
    await test.ready('api', 1);
  });

  it('stops where somebody takes the restart back: the pod is still there', async () => {
    await test.place('w-1', [deployment('api')]);
    const effects = await test.planned({ input: surge });
    for (const name of ['w-2', 'w-3']) test.cordon(name);
    const memory = emptyMemory();
    const draining = test.drain(effects, { input: surge, memory });
    const refused = expect(draining).rejects.toMatchObject({
      code: 'pod_not_moved',
      message: expect.stringMatching(/pod web\/api-\S+ was not moved: Deployment web\/api/),
    });
    await vi.waitUntil(() => memory.progress.some(({ waiting }) => waiting?.includes('no node')), {
      timeout: 5_000,
    });
    test.world.apply(deployment('api'));
    await refused;
    expect(await test.podsOn('w-1')).toHaveLength(1);
  });

  it('keeps the annotations of the pod template, and says which run restarted it', async () => {
    const annotations = { team: 'payments' };
    await test.place('w-1', [deployment('api', { template: { annotations } })]);
    await test.drain(await test.planned({ input: surge }), { input: surge });
    const { spec } = await test.cluster.get(Deployment, { name: 'api', namespace: 'web' });
    expect(spec.template.metadata?.annotations).toEqual({
      team: 'payments',
      'handrail.dev/restarted-by': 'run-1',
      'kubectl.kubernetes.io/restartedAt': expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    });
  });
});
