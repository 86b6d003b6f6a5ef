import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WatchEvent } from '../../src/kubernetes/kubernetes.ts';
import { Node } from '../../src/kubernetes/resources/node.ts';
import {
  type LocalApiServer,
  nodeBody,
  quickLimits,
  type SeenRequest,
  sendJson,
  sendStatus,
  startLocalApiServer,
} from './local-api-server.ts';
import { recordedAnswer } from './recording.ts';

let server: LocalApiServer | undefined;
let stop = new AbortController();
beforeEach(() => {
  stop = new AbortController();
});
afterEach(async () => {
  stop.abort();
  await server?.stop();
  server = undefined;
});

/** Answers lists with one node; watches as the test says, by how many there have been. */
async function serve(
  onWatch: (response: ServerResponse, round: number, request: SeenRequest) => void,
  listedVersions: readonly string[] = ['10'],
): Promise<LocalApiServer> {
  let lists = 0;
  let watches = 0;
  server = await startLocalApiServer((request, response) => {
    if (request.query.get('watch') === 'true') {
      watches += 1;
      response.writeHead(200, { 'content-type': 'application/json' });
      response.flushHeaders();
      onWatch(response, watches, request);
      return;
    }
    const resourceVersion = listedVersions[lists] ?? listedVersions.at(-1) ?? '';
    lists += 1;
    sendJson(response, 200, { metadata: { resourceVersion }, items: [nodeBody('a')] });
  });
  return server;
}

function line(type: string, object: object): string {
  return `${JSON.stringify({ type, object })}\n`;
}

function told(event: WatchEvent<Node>): string {
  if (event.type === 'RESYNC') return `RESYNC ${event.objects.length}`;
  return `${event.type} ${event.object.metadata.name}`;
}

/** The first events, then the watch is left. */
async function take(count: number): Promise<string[]> {
  const events: string[] = [];
  for await (const event of server?.cluster.watch(Node, { signal: stop.signal }) ?? []) {
    events.push(told(event));
    if (events.length === count) break;
  }
  return events;
}

function watchedVersions(): (string | null)[] {
  const watches = server?.seen.filter(({ query }) => query.get('watch') === 'true') ?? [];
  return watches.map(({ query }) => query.get('resourceVersion'));
}

describe('a watch', () => {
  it('begins with what there is, then tells what changes', async () => {
    await serve((response) => {
      response.write(line('ADDED', nodeBody('b', '11')));
      response.write(line('DELETED', nodeBody('a', '12')));
    });

    expect(await take(3)).toEqual(['RESYNC 1', 'ADDED b', 'DELETED a']);
  });

  it('understands an event that arrives in pieces, within a letter', async () => {
    const event = { ...nodeBody('b', '11'), note: '노드' };
    await serve((response) => {
      const bytes = Buffer.from(line('ADDED', event));
      for (const byte of bytes) response.write(Buffer.from([byte]));
    });

    expect(await take(2)).toEqual(['RESYNC 1', 'ADDED b']);
  });

  it('goes on after a disconnect from the last thing it heard, bookmarks included', async () => {
    await serve((response, round) => {
      if (round === 1) {
        response.write(line('MODIFIED', nodeBody('a', '11')));
        response.end(line('BOOKMARK', { metadata: { resourceVersion: '15' } }));
      } else response.write(line('ADDED', nodeBody('b', '16')));
    });

    expect(await take(3)).toEqual(['RESYNC 1', 'MODIFIED a', 'ADDED b']);
    expect(watchedVersions()).toEqual(['10', '15']);
  });

  it('drops half an event of a broken connection and hears it again', async () => {
    await serve((response, round) => {
      const event = line('ADDED', nodeBody('b', '11'));
      if (round === 1) {
        response.write(event.slice(0, 20));
        setImmediate(() => response.destroy());
      } else response.write(event);
    });

    expect(await take(2)).toEqual(['RESYNC 1', 'ADDED b']);
  });

  it('lists anew when its place is too old (as recorded)', async () => {
    const [expired] = recordedAnswer('31').body as object[];
    await serve(
      (response, round) => {
        if (round === 1) response.end(`${JSON.stringify(expired)}\n`);
        else response.write(line('ADDED', nodeBody('b', '21')));
      },
      ['10', '20'],
    );

    expect(await take(3)).toEqual(['RESYNC 1', 'RESYNC 1', 'ADDED b']);
    expect(watchedVersions()).toEqual(['10', '20']);
  });

  it('leaves a connection on which nothing comes any more', async () => {
    await serve((response, round) => {
      // The first stays open without a word, as after a lost network.
      if (round > 1) response.write(line('ADDED', nodeBody('b', '11')));
    });

    expect(await take(2)).toEqual(['RESYNC 1', 'ADDED b']);
    expect(watchedVersions()).toEqual(['10', '10']);
  });

  it('asks for bookmarks and for an end', async () => {
    await serve((response) => void response.write(line('ADDED', nodeBody('b', '11'))));

    await take(2);

    const query = server?.seen.at(-1)?.query;
    expect(query?.get('allowWatchBookmarks')).toBe('true');
    expect(Number(query?.get('timeoutSeconds'))).toBeGreaterThanOrEqual(240);
    expect(Number(query?.get('timeoutSeconds'))).toBeLessThanOrEqual(300);
  });

  it('slows down on a server that closes at once', async () => {
    await serve((response) => void response.end());
    const reading = take(100);

    setTimeout(() => stop.abort(), 400);
    const events = await reading;

    expect(events).toEqual(['RESYNC 1']);
    // Each wait is between 2.5 and 40 ms, and soon the longest.
    expect(watchedVersions().length).toBeGreaterThan(3);
    expect(watchedVersions().length).toBeLessThan(40);
  });

  it('goes on when the API server comes back', async () => {
    let down = 6;
    server = await startLocalApiServer((request, response) => {
      if (down > 0) {
        down -= 1;
        response.destroy();
      } else if (request.query.get('watch')) {
        response.writeHead(200).write(line('ADDED', nodeBody('b', '11')));
      } else sendJson(response, 200, { metadata: { resourceVersion: '10' }, items: [] });
    });

    expect(await take(2)).toEqual(['RESYNC 0', 'ADDED b']);
  });

  it('throws what trying again cannot mend', async () => {
    server = await startLocalApiServer((_, response) => sendStatus(response, 403));

    await expect(take(1)).rejects.toMatchObject({ code: 'kubernetes_forbidden' });
  });

  it('hears of a type that is served later', async () => {
    let installed = false;
    const claims = { ...Node, apiVersion: 'karpenter.sh/v1', plural: 'nodeclaims' };
    server = await startLocalApiServer((_, response) => {
      if (!installed) response.writeHead(404).end('404 page not found\n');
      else sendJson(response, 200, { metadata: { resourceVersion: '1' }, items: [nodeBody('a')] });
    });

    const sizes: number[] = [];
    for await (const event of server.cluster.watch(claims, { signal: stop.signal })) {
      if (event.type !== 'RESYNC') continue;
      sizes.push(event.objects.length);
      installed = true;
      if (event.objects.length > 0) break;
    }

    expect(sizes).toEqual([0, 1]);
  });
});

describe('the end of a watch', () => {
  it('comes with the signal, while it waits for events', async () => {
    await serve((response) => {
      response.write(line('ADDED', nodeBody('b', '11')));
      setTimeout(() => stop.abort(), 20);
    });

    expect(await take(100)).toEqual(['RESYNC 1', 'ADDED b']);
  });

  it('comes with the signal, while the list hangs', async () => {
    server = await startLocalApiServer(() => stop.abort(), {
      ...quickLimits,
      callTimeoutMs: 60_000,
    });

    expect(await take(1)).toEqual([]);
  });

  it('comes at once where the signal has been given before', async () => {
    await serve(() => undefined);
    stop.abort();

    expect(await take(1)).toEqual([]);
    expect(server?.seen).toEqual([]);
  });

  it('closes the connection when the reader leaves', async () => {
    const closed = Promise.withResolvers<void>();
    await serve((response) => {
      response.on('close', () => closed.resolve());
      response.write(line('ADDED', nodeBody('b', '11')));
    });

    await take(2);

    await closed.promise;
  });
});
