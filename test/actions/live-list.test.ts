import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LiveObjects } from '../../src/actions/live-objects.ts';
import { Wake } from '../../src/actions/wake.ts';
import type { Cluster, WatchEvent } from '../../src/kubernetes/kubernetes.ts';
import { Pod } from '../../src/kubernetes/resources/pod.ts';

/** Time stands still until a test moves it. */
let now: number;
let source: LateSource;
let live: LiveObjects;

beforeEach(() => {
  now = 0;
  source = new LateSource();
  const clock = { now: () => now, sleep: untilAborted };
  const wake = new Wake(clock, new AbortController().signal);
  live = new LiveObjects({ cluster: source, clock, wake });
});
afterEach(() => live.close());

function untilAborted(_ms: number, signal?: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason));
  });
}

/** Holds pods; what its watches should have told comes only when they are given up. */
class LateSource implements Pick<Cluster, 'list' | 'watch'> {
  watching = 0;
  #pods: Pod[] = [];
  #late: WatchEvent<Pod>[] = [];

  set(...pods: Pod[]): void {
    this.#pods = pods;
  }

  tellLate(object: Pod): void {
    this.#late.push({ type: 'MODIFIED', object });
  }

  async list<T>(): Promise<T[]> {
    return this.#pods as T[];
  }

  async *watch<T>(
    _type: unknown,
    { signal }: { readonly signal: AbortSignal },
  ): AsyncGenerator<WatchEvent<T>> {
    this.watching += 1;
    yield { type: 'RESYNC', objects: await this.list<T>() };
    if (!signal.aborted) await untilAborted(0, signal).catch(() => undefined);
    this.watching -= 1;
    yield* this.#late as WatchEvent<T>[];
  }
}

function pod(phase: string, resourceVersion: string): Pod {
  const metadata = { name: 'a', namespace: 'web', uid: 'uid-a', resourceVersion };
  return Pod.schema.parse({ metadata, spec: {}, status: { phase } });
}

async function phases(): Promise<string[]> {
  const pods = await live.list(Pod);
  return pods.map(({ status }) => status.phase);
}

describe('LiveList', () => {
  beforeEach(() => source.set(pod('Pending', '1')));

  it('rests on its watch while something was heard lately', async () => {
    expect(await phases()).toEqual(['Pending']);
    source.set(pod('Running', '2'));
    now += 9_999;
    expect(await phases()).toEqual(['Pending']);
  });

  it('looks itself when nothing was heard for ten seconds', async () => {
    expect(await phases()).toEqual(['Pending']);
    source.set(pod('Running', '2'));
    now += 10_000;
    expect(await phases()).toEqual(['Running']);
  });

  it('does not let late news of a watch undo what it has seen itself', async () => {
    await phases();
    source.tellLate(pod('Running', '2'));
    source.set(pod('Succeeded', '3'));
    now += 10_000;
    await phases();
    await vi.waitUntil(() => source.watching === 1);
    for (let turns = 0; turns < 10; turns += 1) expect(await phases()).toEqual(['Succeeded']);
  });

  it('stops watching what nobody has read for a minute, and begins anew for who comes back', async () => {
    await phases();
    now += 60_001;
    await live.list(Pod, { namespace: 'other' });
    await vi.waitUntil(() => source.watching === 1);
    source.set(pod('Running', '2'));
    expect(await phases()).toEqual(['Running']);
    expect(source.watching).toBe(2);
  });

  it('watches nothing any more once it is closed', async () => {
    await phases();
    expect(source.watching).toBe(1);
    await live.close();
    expect(source.watching).toBe(0);
  });
});
