import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { Pod } from '../../src/kubernetes/resources/pod.ts';
import { type LocalApiServer, sendStatus, startLocalApiServer } from './local-api-server.ts';

const PODS = 20_000;
const PAGE = 500;

let server: LocalApiServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

/** About three kilobytes, as a small real one. */
function podText(index: number): string {
  const env = Array.from({ length: 30 }, (_, key) => ({
    name: `SETTING_${key}`,
    value: 'x'.repeat(24),
  }));
  return JSON.stringify({
    metadata: {
      name: `pod-${index}`,
      namespace: 'shop',
      uid: `uid-${index}`,
      resourceVersion: String(index),
      labels: { app: `app-${index % 100}` },
      ownerReferences: [
        { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'r', uid: 'r', controller: true },
      ],
    },
    spec: {
      nodeName: `n-${index % 300}`,
      containers: [{ name: 'main', image: 'registry.example/app:1', env }],
    },
    status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
  });
}

/** Ready-made, so that nearly all time of the measured process goes into the client. */
const pages = Array.from({ length: PODS / PAGE }, (_, page) => {
  const items = Array.from({ length: PAGE }, (_, index) => podText(page * PAGE + index));
  const isLast = page === PODS / PAGE - 1;
  const metadata = { resourceVersion: '99', continue: isLast ? '' : String(page + 1) };
  return Buffer.from(`{"metadata":${JSON.stringify(metadata)},"items":[${items.join(',')}]}`);
});

function pageOf(query: URLSearchParams): Buffer {
  return pages[Number(query.get('continue') ?? 0)] ?? Buffer.from('');
}

describe('a list of 20,000 pods', () => {
  it('holds up nothing else: no turn of the event loop takes long', async () => {
    server = await startLocalApiServer(
      ({ query }, response) => {
        response.writeHead(200, { 'content-type': 'application/json' }).end(pageOf(query));
      },
      { callTimeoutMs: 20_000 },
    );
    const delays = monitorEventLoopDelay({ resolution: 5 });
    const began = performance.now();
    delays.enable();

    const pods = await server.cluster.list(Pod);
    const wholeMs = performance.now() - began;

    // the last delay is written down in a turn of its own
    await delay(20);
    delays.disable();
    expect(pods).toHaveLength(PODS);
    expect(new Set(pods.map(({ metadata }) => metadata.uid)).size).toBe(PODS);
    // forty pages: what is parsed at once is a fraction of the whole, on a busy machine too
    expect(delays.max / 1e6).toBeLessThan(wholeMs / 4);
  });

  it('begins anew when its pages expire half-way, and holds every pod once', async () => {
    let expired = 0;
    server = await startLocalApiServer(
      ({ query }, response) => {
        if (query.get('continue') === '20' && expired++ === 0) {
          sendStatus(response, 410, {
            reason: 'Expired',
            message: 'The provided continue parameter is too old',
          });
          return;
        }
        response.writeHead(200, { 'content-type': 'application/json' }).end(pageOf(query));
      },
      { callTimeoutMs: 20_000 },
    );

    const pods = await server.cluster.list(Pod);

    expect(expired).toBe(2);
    expect(pods).toHaveLength(PODS);
    expect(new Set(pods.map(({ metadata }) => metadata.uid)).size).toBe(PODS);
  });
});
