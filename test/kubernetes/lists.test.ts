import { afterEach, describe, expect, it } from 'vitest';
import { Node } from '../../src/kubernetes/resources/node.ts';
import { failureOf } from './failure-of.ts';
import {
  type LocalApiServer,
  nodeBody,
  sendJson,
  sendStatus,
  startLocalApiServer,
} from './local-api-server.ts';

let server: LocalApiServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

function page(names: readonly string[], next = ''): object {
  return {
    metadata: { resourceVersion: '7', continue: next },
    items: names.map((name) => nodeBody(name)),
  };
}

function namesOf(nodes: readonly Node[]): string[] {
  return nodes.map((node) => node.metadata.name);
}

describe('lists', () => {
  it('follow the pages to the end, with the same selectors on each', async () => {
    server = await startLocalApiServer((request, response) => {
      const second = request.query.get('continue') === 'page-2';
      sendJson(response, 200, second ? page(['c']) : page(['a', 'b'], 'page-2'));
    });

    const nodes = await server.cluster.list(Node, { labelSelector: 'pool=web,zone in (a,b)' });

    expect(namesOf(nodes)).toEqual(['a', 'b', 'c']);
    const queries = server.seen.map(({ query }) => [
      query.get('limit'),
      query.get('labelSelector'),
    ]);
    expect(queries).toEqual([
      ['500', 'pool=web,zone in (a,b)'],
      ['500', 'pool=web,zone in (a,b)'],
    ]);
  });

  it('begin anew when the pages expire half-way, without keeping what they had', async () => {
    let expired = false;
    server = await startLocalApiServer((request, response) => {
      if (request.query.get('continue') === null) {
        sendJson(response, 200, expired ? page(['new']) : page(['old'], 'page-2'));
        return;
      }
      expired = true;
      sendStatus(response, 410, { reason: 'Expired' });
    });

    expect(namesOf(await server.cluster.list(Node))).toEqual(['new']);
  });

  it('fetch all at once when the pages expire again and again', async () => {
    server = await startLocalApiServer((request, response) => {
      if (request.query.get('limit') === null) sendJson(response, 200, page(['a', 'b']));
      else if (request.query.get('continue') === null) sendJson(response, 200, page(['a'], 'next'));
      else sendStatus(response, 410, { reason: 'Expired' });
    });

    expect(namesOf(await server.cluster.list(Node))).toEqual(['a', 'b']);
  });

  it('let other work go on between pages', async () => {
    const names = Array.from({ length: 500 }, (_, index) => `node-${index}`);
    let pages = 0;
    server = await startLocalApiServer((_, response) => {
      pages += 1;
      sendJson(response, 200, page(names, pages < 20 ? `page-${pages}` : ''));
    });
    let longestMs = 0;
    const began = performance.now();
    let last = began;
    const timer = setInterval(() => {
      longestMs = Math.max(longestMs, performance.now() - last);
      last = performance.now();
    }, 1);

    const nodes = await server.cluster.list(Node);
    clearInterval(timer);

    expect(nodes).toHaveLength(10_000);
    // Twenty pages: what is parsed at once is far less than the whole.
    expect(longestMs).toBeLessThan((performance.now() - began) / 2);
  });

  it('are of one namespace, or of all', async () => {
    const pods = { ...Node, plural: 'pods', kind: 'Pod', namespaced: true };
    server = await startLocalApiServer((_, response) => sendJson(response, 200, page([])));

    await server.cluster.list(pods, { namespace: 'web' });
    await server.cluster.list(pods, { fieldSelector: 'spec.nodeName=n' });

    expect(server.seen.map(({ path }) => path)).toEqual([
      '/api/v1/namespaces/web/pods',
      '/api/v1/pods',
    ]);
    expect(server.seen[1]?.query.get('fieldSelector')).toBe('spec.nodeName=n');
  });

  it('that are forbidden say so', async () => {
    server = await startLocalApiServer((_, response) =>
      sendStatus(response, 403, { reason: 'Forbidden', message: 'cannot list nodes' }),
    );

    const error = await failureOf(server.cluster.list(Node));

    expect(error.message).toBe(
      'could not list Node objects in cluster kr: it is not allowed (cannot list nodes); grant it by RBAC, or see which policy denies it',
    );
  });
});
