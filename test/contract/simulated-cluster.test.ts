import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import {
  type SimulatedCluster,
  startSimulatedCluster,
} from '../../src/demo/cluster/simulated-cluster.ts';
import { comparable, normalised, type Recording, recordings } from './recording.ts';
import { ReplayedNames } from './replayed-names.ts';
import { recordedNodes, setUpWorkloads } from './replayed-world.ts';

let cluster: SimulatedCluster;
let names: ReplayedNames;

beforeAll(async () => {
  cluster = await startSimulatedCluster({
    name: 'contract',
    region: 'fake',
    seed: recordedNodes(recordings()),
    // As in the recorded cluster: a pod runs before an evicted one has stopped, and is ready only after that.
    timings: { podStartMs: 600, podStopMs: 450 },
  });
  names = new ReplayedNames(cluster.world);
});

afterAll(() => cluster.stop());

/** What has to be so before an exchange can take place as recorded, by its file's number. */
const before: Readonly<Record<string, () => Promise<void>>> = {
  '05': () => setUpWorkloads(cluster.world),
  '12': () => until(() => taintsOf('node-3') !== undefined),
  '19': () => until(() => budgetOf('web')?.['disruptionsAllowed'] === 0 && healthyOf('web') === 3),
  '23': () => until(() => cluster.world.get('Pod', names.first('web'), 'rec') === undefined),
  '24': () => until(() => budgetOf('web')?.['disruptionsAllowed'] === 1),
  '26': () => until(() => healthyOf('web') === 3),
  '34': () => {
    // Not among the recordings: the namespace had been labelled by then.
    const restricted = { enforce: 'restricted', warn: 'restricted' };
    return Promise.resolve(labelPodSecurity(restricted));
  },
  '36': () => until(() => jobHasEnded('prepull-1')),
  '41': () => until(() => quotaIsCounted()),
  '44': () => {
    const limits = [{ type: 'Container', max: { memory: '1Gi' } }];
    const metadata = { name: 'bounds', namespace: 'rec' };
    cluster.world.apply({ apiVersion: 'v1', kind: 'LimitRange', metadata, spec: { limits } });
    return Promise.resolve();
  },
  '45': () => {
    const metadata = { name: 'verticalpodautoscalers.autoscaling.k8s.io' };
    const apiVersion = 'apiextensions.k8s.io/v1';
    cluster.world.apply({ apiVersion, kind: 'CustomResourceDefinition', metadata });
    return Promise.resolve();
  },
  '39': () => until(() => failedCreations() === 2),
};

async function until(holds: () => boolean): Promise<void> {
  await vi.waitUntil(holds, { timeout: 5000, interval: 5 });
}

function taintsOf(node: string): unknown {
  return (cluster.world.get('Node', node)?.spec as { taints?: unknown } | undefined)?.taints;
}

function budgetOf(name: string): Record<string, unknown> | undefined {
  const budget = cluster.world.get('PodDisruptionBudget', name, 'rec');
  return budget?.status as Record<string, unknown> | undefined;
}

function healthyOf(name: string): unknown {
  return budgetOf(name)?.['currentHealthy'];
}

function labelPodSecurity(modes: Record<string, string>): void {
  const namespace = cluster.world.get('Namespace', 'rec');
  if (namespace === undefined) return;
  const labels = Object.entries(modes).map(([mode, level]) => [
    `pod-security.kubernetes.io/${mode}`,
    level,
  ]);
  const metadata = {
    ...namespace.metadata,
    labels: { ...namespace.metadata.labels, ...Object.fromEntries(labels) },
  };
  cluster.world.apply({ ...namespace, metadata });
}

function jobHasEnded(name: string): boolean {
  const status = cluster.world.get('Job', name, 'rec')?.status as Record<string, unknown>;
  return status['completionTime'] !== undefined;
}

function quotaIsCounted(): boolean {
  const status = cluster.world.get('ResourceQuota', 'team', 'rec')?.status;
  return (status as { used?: unknown }).used !== undefined;
}

function failedCreations(): number {
  const events = cluster.world.list('Event', 'rec');
  return events.filter((event) => event['reason'] === 'FailedCreate').length;
}

async function send(recording: Recording): Promise<Response> {
  const { method, path, contentType, headers, body } = recording.request;
  return await fetch(`${cluster.url}${names.inText(path)}`, {
    method,
    headers: {
      authorization: `Bearer ${await tokenFor(recording)}`,
      // As recorded: who writes without saying who is noted as the manager "unknown".
      'user-agent': '',
      ...(contentType === undefined ? {} : { 'content-type': contentType }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: names.inText(JSON.stringify(body)) }),
  });
}

async function tokenFor(recording: Recording): Promise<string> {
  if (recording.file.includes('unauthorized')) return 'none';
  if (recording.request.as === undefined) return cluster.token;
  const path = '/api/v1/namespaces/rec/serviceaccounts/default/token';
  const answer = await fetch(cluster.url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${cluster.token}` },
  });
  const { status } = z
    .object({ status: z.object({ token: z.string() }) })
    .parse(await answer.json());
  return status.token;
}

async function bodyOf(response: Response, recorded: unknown): Promise<unknown> {
  if (Array.isArray(recorded)) return await eventsOf(response, recorded.length);
  const text = await response.text();
  return response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : text;
}

/** The first events of a watch. */
async function eventsOf(response: Response, count: number): Promise<unknown[]> {
  const events: unknown[] = [];
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    const lines = text.split('\n');
    text = lines.pop() ?? '';
    for (const line of lines) {
      const event = JSON.parse(line);
      if (event.type !== 'BOOKMARK') events.push(event);
    }
    if (events.length >= count) break;
  }
  return events;
}

describe('the simulated cluster answers as the recorded one did', () => {
  it.each(recordings())('$file: $says', async (recording) => {
    await before[recording.file.slice(0, 2)]?.();

    const answering = send(recording);
    const response = await answering;
    if (recording.file.startsWith('30-')) await evictSolo();
    const body = await bodyOf(response, recording.response.body);
    names.learn(recording, body);

    expect(response.status).toBe(recording.response.status);
    expect(response.headers.get('content-type')).toBe(recording.response.headers['content-type']);
    expect(response.headers.get('warning') ?? undefined).toBe(
      recording.response.headers['warning'],
    );
    expect(response.headers.has('retry-after')).toBe('retry-after' in recording.response.headers);
    expect(comparable(body, recording)).toEqual(normalised(recording.response.body));
  });
});

/** In the recorded watch a pod was evicted from elsewhere. */
async function evictSolo(): Promise<void> {
  await fetch(`${cluster.url}/api/v1/namespaces/rec/pods/${names.first('solo')}/eviction`, {
    method: 'POST',
    headers: { authorization: `Bearer ${cluster.token}`, 'content-type': 'application/json' },
    body: '{}',
  });
}
