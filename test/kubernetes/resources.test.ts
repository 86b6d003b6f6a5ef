import { afterEach, describe, expect, it } from 'vitest';
import { Lease } from '../../src/kubernetes/resources/lease.ts';
import { Node } from '../../src/kubernetes/resources/node.ts';
import { Pod } from '../../src/kubernetes/resources/pod.ts';
import { type LocalApiServer, sendJson, startLocalApiServer } from './local-api-server.ts';
import { recordedAnswer } from './recording.ts';

let server: LocalApiServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

/** A page that was recorded with more to come, as the last one. */
function lastPage(number: string): object {
  const body = recordedAnswer(number).body as object;
  return { ...body, metadata: { resourceVersion: '7070' } };
}

describe('what a real API server sends', () => {
  it('is read as nodes', async () => {
    const nodes = lastPage('06');
    server = await startLocalApiServer((_, response) => sendJson(response, 200, nodes));

    const [node] = await server.cluster.list(Node);

    expect(node).toMatchObject({
      metadata: { name: 'node-1', uid: '2d25786e-74d9-41ba-a75d-0a4bd8db7c34' },
      spec: { unschedulable: false, providerID: 'fake:///node-1', taints: [] },
      status: { allocatable: { memory: '16Gi' }, nodeInfo: { kubeletVersion: 'v1.33.0' } },
    });
    expect(node?.status.conditions.find(({ type }) => type === 'Ready')).toMatchObject({
      status: 'True',
      reason: 'KubeletReady',
    });
  });

  it('is read as pods, through the pages of a list', async () => {
    const [first, last] = [recordedAnswer('07').body, lastPage('08')];
    server = await startLocalApiServer((request, response) =>
      sendJson(response, 200, request.query.get('continue') === null ? first : last),
    );

    const pods = await server.cluster.list(Pod, { fieldSelector: 'spec.nodeName=node-3' });

    expect(pods).toHaveLength(2);
    for (const pod of pods) {
      expect(pod.metadata.ownerReferences[0]).toMatchObject({
        kind: 'ReplicaSet',
        controller: true,
      });
      expect(pod.status.phase).toBe('Running');
    }
  });

  it('is read as a lease', async () => {
    const { status, body } = recordedAnswer('32');
    server = await startLocalApiServer((_, response) => sendJson(response, status, body));

    const lease = await server.cluster.create(Lease, {
      metadata: { name: 'node-x', namespace: 'rec' },
    });

    expect(lease.metadata.name).toBe('node-x');
    expect(lease.spec.holderIdentity).toBe('run-1');
  });

  it('is read as a watch of an eviction, to the end of the pod', async () => {
    const events = recordedAnswer('30').body as { type: string; object: { metadata: object } }[];
    const told = events.filter(({ type }) => type !== 'BOOKMARK').map(({ type }) => type);
    server = await startLocalApiServer((request, response) => {
      if (request.query.get('watch') === null) {
        sendJson(response, 200, { metadata: { resourceVersion: '7114' }, items: [] });
      } else response.end(events.map((event) => `${JSON.stringify(event)}\n`).join(''));
    });
    const stop = new AbortController();

    const seen: string[] = [];
    for await (const event of server.cluster.watch(Pod, { signal: stop.signal })) {
      if (event.type !== 'RESYNC') seen.push(event.type);
      if (seen.length === told.length) break;
    }

    expect(seen).toEqual(told);
    expect(seen).toContain('DELETED');
  });
});
