import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import type { Fault } from '../../src/demo/cluster/api/fault.ts';
import type { WatchEvent } from '../../src/kubernetes/kubernetes.ts';
import { type ClientWorld, configMap, startClientWorld } from './client-world.ts';

const ConfigMap = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  namespaced: true,
  schema: z.object({
    metadata: z.object({ name: z.string(), annotations: z.object({ value: z.string() }) }),
  }),
};
type ConfigMap = z.infer<typeof ConfigMap.schema>;

const CHANGES = 12;

let at: ClientWorld;
let stop: AbortController;
let heard: string[];
let listening: Promise<void>;

beforeEach(async () => {
  at = await startClientWorld([configMap('first')], { watchIdleMs: 150 });
  stop = new AbortController();
  heard = [];
});
afterEach(async () => {
  stop.abort();
  await listening;
  await at.stop();
});

function told(event: WatchEvent<ConfigMap>): string {
  if (event.type === 'RESYNC') return `RESYNC ${event.objects.length}`;
  const { name, annotations } = event.object.metadata;
  return `${event.type} ${name}${annotations.value}`;
}

function listen(): void {
  const events = at.cluster.watch(ConfigMap, { namespace: 'shop', signal: stop.signal });
  listening = (async () => {
    for await (const event of events) heard.push(told(event));
  })();
}

/** Each change is made once the one before it has been heard of, so that every one meets the watch of that moment. */
async function changeOneByOne(): Promise<string[]> {
  const expected = ['RESYNC 1'];
  await vi.waitUntil(() => heard.length === 1, { timeout: 10_000, interval: 5 });
  for (let change = 1; change <= CHANGES; change += 1) {
    at.world.apply(configMap('a', `-${change}`));
    expected.push(`${change === 1 ? 'ADDED' : 'MODIFIED'} a-${change}`);
    await vi.waitUntil(() => heard.length >= expected.length, { timeout: 10_000, interval: 5 });
  }
  return expected;
}

const breaks: readonly { readonly what: string; readonly fault: Fault }[] = [
  { what: 'goes silent at once', fault: { watch: 'silence', afterEvents: 0 } },
  { what: 'goes silent after an event', fault: { watch: 'silence', afterEvents: 1 } },
  { what: 'is reset after two events', fault: { watch: 'reset', afterEvents: 2 } },
  { what: 'ends within a line', fault: { watch: 'half-line', afterEvents: 1 } },
  { what: 'is never answered', fault: { hang: 'before' } },
  { what: 'is reset before it begins', fault: { reset: 'before' } },
  { what: 'is answered 503', fault: { status: 503 } },
  { what: 'is answered 429 with Retry-After', fault: { status: 429, retryAfter: 0.05 } },
  { what: 'is answered by a proxy', fault: { html: 502, when: 'before' } },
];

describe('a watch that', () => {
  it.each(breaks)('$what tells every change once', async ({ fault }) => {
    // every second watch works, as nothing would ever be heard otherwise
    at.break(
      ({ watch }) => watch,
      (round) => (round % 2 === 1 ? fault : undefined),
    );
    listen();

    const expected = await changeOneByOne();

    expect(heard).toEqual(expected);
    const lists = at.seen.filter(({ method, watch }) => method === 'GET' && !watch);
    expect(lists).toHaveLength(1);
  });

  it('breaks at every event goes on from the last one it heard', async () => {
    at.break(
      ({ watch }) => watch,
      () => ({ watch: 'half-line', afterEvents: 1 }),
    );
    listen();

    expect(await changeOneByOne()).toEqual(heard);
    const versions = at.seen.filter(({ watch }) => watch).map(({ query }) => versionOf(query));
    expect(versions).toEqual([...versions].sort((a, b) => a - b));
    expect(new Set(versions).size).toBeGreaterThan(CHANGES / 2);
  });

  it('is asked to wait comes back after that time, and no sooner', async () => {
    const asked: number[] = [];
    at.break(
      ({ watch }) => watch,
      (round) => {
        asked.push(performance.now());
        return round === 1 ? { status: 429, retryAfter: 1 } : undefined;
      },
    );
    listen();

    await vi.waitUntil(() => asked.length === 2, { timeout: 10_000, interval: 5 });

    expect((asked[1] ?? 0) - (asked[0] ?? 0)).toBeGreaterThanOrEqual(990);
  });

  it('lost its place while it was silent begins anew with what there is', async () => {
    at.break(
      ({ watch }) => watch,
      (round) => (round === 1 ? { watch: 'silence', afterEvents: 0 } : undefined),
    );
    listen();
    await vi.waitUntil(() => heard.length === 1, { timeout: 10_000, interval: 5 });

    at.world.apply(configMap('a', '-1'));
    at.world.compactHistory();
    await vi.waitUntil(() => heard.length === 2, { timeout: 10_000, interval: 5 });
    at.world.apply(configMap('a', '-2'));
    await vi.waitUntil(() => heard.length === 3, { timeout: 10_000, interval: 5 });

    expect(heard).toEqual(['RESYNC 1', 'RESYNC 2', 'MODIFIED a-2']);
  });
});

function versionOf(query: URLSearchParams): number {
  return Number(query.get('resourceVersion'));
}
