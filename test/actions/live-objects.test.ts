import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LiveObjects } from '../../src/actions/live-objects.ts';
import { Wake } from '../../src/actions/wake.ts';
import { Deployment } from '../../src/kubernetes/resources/deployment.ts';
import { Pod } from '../../src/kubernetes/resources/pod.ts';
import { barePod, deployment, node } from './manifests.ts';
import { startTestWorld, type TestWorld } from './test-world.ts';

const SOON = { timeout: 5_000, interval: 20 };
let test: TestWorld;
let live: LiveObjects;
let stop: AbortController;
/** Requests for pods: lists, and watches. */
let asked: { list: number; watch: number };

beforeEach(async () => {
  test = await startTestWorld([node('w-1')]);
  stop = new AbortController();
  asked = { list: 0, watch: 0 };
  test.world.faults = [
    ({ path, watch }) => {
      if (path.endsWith('/pods')) asked[watch ? 'watch' : 'list'] += 1;
      return undefined;
    },
  ];
  const { cluster, clock } = test.context();
  live = new LiveObjects({ cluster, clock, wake: new Wake(clock, stop.signal) });
});
afterEach(async () => {
  stop.abort();
  await live.close();
  await test.stop();
});

async function names(): Promise<string[]> {
  const pods = await live.list(Pod, { namespace: 'web' });
  return pods.map(({ metadata }) => metadata.name).toSorted();
}

function pods(...wanted: string[]): Promise<unknown> {
  return vi.waitUntil(async () => String(await names()) === String(wanted), SOON);
}

describe('LiveObjects', () => {
  it('follows what comes, changes and goes, by one list and one watch', async () => {
    test.world.apply(barePod('a', 'w-1'));
    expect(await names()).toEqual(['a']);
    test.world.apply(barePod('b', 'w-1'));
    await pods('a', 'b');
    test.world.remove('Pod', 'a', 'web');
    await pods('b');
    expect(asked).toEqual({ list: 1, watch: 1 });
  });

  it('takes a namesake for another object', async () => {
    test.world.apply(barePod('a', 'w-1'));
    const [before] = await live.list(Pod, { namespace: 'web' });
    test.world.remove('Pod', 'a', 'web');
    test.world.apply(barePod('a', 'w-1'));
    await vi.waitUntil(async () => {
      const [now, ...others] = await live.list(Pod, { namespace: 'web' });
      return others.length === 0 && now?.metadata.uid !== before?.metadata.uid;
    }, SOON);
  });

  it('finds one object by its name, and tells when it has gone', async () => {
    test.world.apply(deployment('api'));
    test.world.apply(deployment('web'));
    const name = { namespace: 'web', name: 'api' };
    expect(await live.find(Deployment, name)).toMatchObject({ metadata: { name: 'api' } });
    test.world.remove('Deployment', 'api', 'web');
    await vi.waitUntil(async () => (await live.find(Deployment, name)) === undefined, SOON);
  });

  it.each([
    ['has gone silent', { watch: 'silence', afterEvents: 0 }],
    ['is cut off again and again', { watch: 'reset', afterEvents: 0 }],
    ['breaks within a line', { watch: 'half-line', afterEvents: 0 }],
    ['is refused', { status: 403 }],
    ['hangs before its first byte', { hang: 'before' }],
  ] as const)('sees changes all the same where its watch %s', async (_, fault) => {
    test.world.faults = [({ watch }) => (watch ? fault : undefined)];
    expect(await names()).toEqual([]);
    test.world.apply(barePod('a', 'w-1'));
    await pods('a');
    test.world.remove('Pod', 'a', 'web');
    await pods();
  });

  it('sees what happened while it was cut off from a history that is forgotten', async () => {
    test.world.apply(barePod('a', 'w-1'));
    let isCutOff = true;
    test.world.faults = [({ watch }) => (watch && isCutOff ? { reset: 'before' } : undefined)];
    expect(await names()).toEqual(['a']);
    test.world.remove('Pod', 'a', 'web');
    test.world.apply(barePod('b', 'w-1'));
    test.world.compactHistory();
    isCutOff = false;
    await pods('b');
  });

  it('says which right is missing where it may not even list', async () => {
    test.world.faults = [({ path }) => (path.endsWith('/pods') ? { status: 403 } : undefined)];
    await expect(names()).rejects.toMatchObject({ code: 'kubernetes_forbidden' });
  });

  it('fails where the API server is away for long, and goes on when it is back', async () => {
    test.world.apply(barePod('a', 'w-1'));
    expect(await names()).toEqual(['a']);
    test.world.faults = [({ watch }) => (watch ? { reset: 'before' } : { status: 503 })];
    await expect(
      vi.waitUntil(async () => (await names()).length === 0, SOON),
    ).rejects.toMatchObject({ status: 503 });
    test.world.faults = [];
    test.world.apply(barePod('b', 'w-1'));
    await pods('a', 'b');
  });
});
