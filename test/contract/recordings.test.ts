import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer, ClusterApi } from './cluster/cluster-api.ts';
import type { ClusterUnderTest } from './cluster/cluster-under-test.ts';
import { workerNodes } from './cluster/nodes.ts';
import { connectCluster } from './cluster/open-cluster.ts';
import { evict } from './cluster/pods.ts';
import { until } from './cluster/until.ts';
import { prepare } from './recorded/before-exchanges.ts';
import { fitted } from './recorded/fitted-request.ts';
import { shortcomings, whyNot } from './recorded/likeness.ts';
import { comparable, normalised } from './recorded/normalised.ts';
import { numberOf, type Recording, recordings } from './recorded/recording.ts';
import { ReplayedNames } from './recorded/replayed-names.ts';
import { recordedNodes } from './recorded/replayed-world.ts';
import { hasVpaDefinition } from './recorded/vpa-definition.ts';

// How alike an answer has to be. Always: status, content type, warnings, reason, causes and message, in the recorded
// words. The body of the simulated cluster: equal, nothing missing and nothing more, but for names, UIDs and times. Of a
// given cluster: everything recorded is there, alike; more may be there. See recorded/likeness.ts.

let cluster: ClusterUnderTest;
let node: string;
let names: ReplayedNames;
let facts: { readonly minorVersion: number; readonly hasOwnVpa: boolean };

beforeAll(async () => {
  cluster = await connectCluster({
    seed: recordedNodes(recordings()),
    // As in the recorded cluster: a pod runs before an evicted one has stopped, and is ready only after that.
    timings: { podStartMs: 600, podStopMs: 450, secondMs: 100 },
  });
  node = cluster.given === undefined ? 'node-3' : ((await workerNodes(cluster.api))[0] ?? '');
  names = new ReplayedNames(cluster, node);
  const { minor } = await cluster.api.expect('GET /version');
  const minorVersion = Number.parseInt(minor, 10);
  facts = { minorVersion, hasOwnVpa: await hasVpaDefinition(cluster.api) };
});

afterAll(() => cluster.close());

async function asked(recording: Recording): Promise<ClusterApi> {
  if (recording.file.includes('unauthorized')) return cluster.api.withToken('none');
  if (recording.request.as === undefined) return cluster.api;
  const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} };
  const path = cluster.path('serviceaccounts', 'default', 'token');
  const { status } = await cluster.api.expect(`POST ${path}`, { body });
  return cluster.api.withToken(status.token);
}

async function replay(recording: Recording): Promise<Answer> {
  const { method, path, contentType, headers = {}, body } = recording.request;
  const ours = await names.inText(path);
  const api = await asked(recording);
  if (Array.isArray(recording.response.body)) return await watched(recording, ours);
  return await api.send(`${method} ${ours}`, {
    headers,
    ...(contentType === undefined ? {} : { contentType }),
    ...(body === undefined ? {} : { body: await fittedBody(body) }),
  });
}

async function fittedBody(body: unknown): Promise<unknown> {
  return fitted(cluster, JSON.parse(await names.inText(JSON.stringify(body))));
}

/** How many events follow the first differs from kubelet to kubelet; that their order is right is held in watches.test.ts. */
function eventsOf(recording: Recording): readonly unknown[] {
  const events = recording.response.body as unknown[];
  return cluster.given === undefined ? events : events.slice(0, 1);
}

/** The first events of a watch; in the recorded one of pods, a pod was evicted from elsewhere. */
async function watched(recording: Recording, path: string): Promise<Answer> {
  const { length } = eventsOf(recording);
  const watch = await cluster.api.watch(path);
  if (numberOf(recording) === '30') await evict(cluster, await names.first('solo'));
  const events = await until(
    'the watch has told of everything',
    () => watch.events.filter(({ type }) => type !== 'BOOKMARK'),
    (seen) => seen.length >= length,
  );
  watch.close();
  const body = events.slice(0, length);
  return { status: watch.status, headers: watch.headers, body };
}

describe('the cluster answers as the recorded one did', () => {
  it.for(recordings())('$file: $says', async (recording, { skip }) => {
    const reason = whyNot(cluster, recording, facts);
    skip(reason !== undefined, reason);
    await prepare(recording, { cluster, names, node });

    const { status, headers, body } = await replay(recording);
    names.learn(recording.response.body, body);

    expect(status).toBe(recording.response.status);
    expect(headers['content-type']).toBe(recording.response.headers['content-type']);
    expect(headers['warning']).toBe(recording.response.headers['warning']);
    expect(headers['audit-id']).toMatch(/^[0-9a-f-]{36}$/);
    expect('retry-after' in headers).toBe('retry-after' in recording.response.headers);
    const expected = Array.isArray(body) ? eventsOf(recording) : recording.response.body;
    const recorded = normalised(expected);
    const answered = comparable(names.inAnswer(body), recording);
    if (cluster.given === undefined) expect(answered).toEqual(recorded);
    else expect(shortcomings(recording, recorded, answered)).toEqual([]);
  });
});
