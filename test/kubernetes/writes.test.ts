import { afterEach, describe, expect, it } from 'vitest';
import { Node } from '../../src/kubernetes/resources/node.ts';
import { failureOf } from './failure-of.ts';
import { type LocalApiServer, sendStatus, startLocalApiServer } from './local-api-server.ts';

let server: LocalApiServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

const pod = { namespace: 'rec', name: 'web-1', uid: 'u-1' };
const cordon = { type: 'strategic', body: { spec: { unschedulable: true } } } as const;

describe('writes', () => {
  it('are never tried again, whatever the answer', async () => {
    server = await startLocalApiServer((_, response) => sendStatus(response, 500));

    await failureOf(server.cluster.patch(Node, { name: 'n' }, { patch: cordon }));

    expect(server.seen).toHaveLength(1);
  });

  it('that get no answer may have had their effect', async () => {
    server = await startLocalApiServer(() => undefined, { callTimeoutMs: 1000 });

    const error = await failureOf(server.cluster.evict(pod));

    expect(error).toMatchObject({ reason: 'NoAnswer', effectUncertain: true });
    expect(error.message).toContain('it may have been carried out all the same');
    expect(server.seen).toHaveLength(1);
  });

  it('whose connection breaks may have had their effect', async () => {
    server = await startLocalApiServer((_, response) => response.destroy());

    await expect(failureOf(server.cluster.evict(pod))).resolves.toMatchObject({
      reason: 'ConnectionLost',
      effectUncertain: true,
    });
    expect(server.seen).toHaveLength(1);
  });

  it('that a gateway gave up on may have had their effect', async () => {
    server = await startLocalApiServer((_, response) => sendStatus(response, 504));

    await expect(failureOf(server.cluster.evict(pod))).resolves.toMatchObject({
      status: 504,
      effectUncertain: true,
    });
  });

  it('that were only dry runs have had none', async () => {
    server = await startLocalApiServer((_, response) => response.destroy());

    await expect(failureOf(server.cluster.evict(pod, { dryRun: true }))).resolves.toMatchObject({
      effectUncertain: false,
    });
  });

  it('to a server that is not there have had none', async () => {
    server = await startLocalApiServer(() => undefined);
    const { cluster } = server;
    await server.stop();
    server = undefined;

    const error = await failureOf(cluster.evict(pod));

    expect(error).toMatchObject({ status: 0, reason: 'Unreachable', effectUncertain: false });
    expect(error.message).toMatch(
      /cannot be reached \(.*ECONNREFUSED.*\); check the server address/,
    );
  });

  it('need a namespace where the type lives in one', async () => {
    server = await startLocalApiServer((_, response) => sendStatus(response, 201));

    const error = await failureOf(server.cluster.evict({ ...pod, namespace: '' }));

    expect(error.message).toContain('Pod web-1 cannot be named without its namespace');
    expect(server.seen).toEqual([]);
  });
});
