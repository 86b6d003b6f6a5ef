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

describe('reads', () => {
  it('are tried again after 500, 429 and a broken connection, until they succeed', async () => {
    let attempts = 0;
    server = await startLocalApiServer((_, response) => {
      attempts += 1;
      if (attempts === 1) sendStatus(response, 500);
      else if (attempts === 2) response.writeHead(429, { 'retry-after': '0' }).end();
      else if (attempts === 3) response.destroy();
      else sendJson(response, 200, nodeBody('n'));
    });

    await expect(server.cluster.get(Node, { name: 'n' })).resolves.toMatchObject({
      metadata: { name: 'n' },
    });
  });

  it('wait as long as Retry-After says', async () => {
    const at: number[] = [];
    server = await startLocalApiServer((_, response) => {
      at.push(Date.now());
      if (at.length === 1) response.writeHead(429, { 'retry-after': '1' }).end();
      else sendJson(response, 200, nodeBody('n'));
    });

    await server.cluster.get(Node, { name: 'n' });

    const [first = 0, second = 0] = at;
    expect(second - first).toBeGreaterThanOrEqual(990);
  });

  it('give up at once where Retry-After is longer than a read may take', async () => {
    server = await startLocalApiServer((_, response) => {
      response.writeHead(429, { 'retry-after': '60' }).end();
    });

    const error = await failureOf(server.cluster.get(Node, { name: 'n' }));

    expect(error.retryAfterMs).toBe(60_000);
    expect(error.message).toContain('has too much to do; try again in 60 s');
    expect(server.seen).toHaveLength(1);
  });

  it('end after a few attempts', async () => {
    server = await startLocalApiServer((_, response) => sendStatus(response, 503));

    const error = await failureOf(server.cluster.list(Node));

    expect(error).toMatchObject({ status: 503, reason: 'ServiceUnavailable' });
    expect(server.seen).toHaveLength(4);
  });

  it('end with a server that never answers', async () => {
    server = await startLocalApiServer(() => undefined, { callTimeoutMs: 100, maxAttempts: 2 });

    const error = await failureOf(server.cluster.get(Node, { name: 'n' }));

    expect(error).toMatchObject({ status: 0, reason: 'NoAnswer', effectUncertain: false });
    expect(error.message).toMatch(/did not answer \(nothing within 0.1 s\)/);
  });

  it('end with an answer that stops in the middle', async () => {
    server = await startLocalApiServer(
      (_, response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.write('{"metadata":');
      },
      { callTimeoutMs: 100, maxAttempts: 1 },
    );

    await expect(failureOf(server.cluster.get(Node, { name: 'n' }))).resolves.toMatchObject({
      reason: 'NoAnswer',
    });
  });

  it('say what is wrong with an answer that is no Kubernetes object', async () => {
    server = await startLocalApiServer((_, response) => {
      response.writeHead(200).end('<html>Sign in</html>');
    });

    const error = await failureOf(server.cluster.get(Node, { name: 'n' }));

    expect(error.reason).toBe('UnexpectedAnswer');
    expect(error.message).toContain('check that http://127.0.0.1');
    expect(server.seen).toHaveLength(1);
  });
});
