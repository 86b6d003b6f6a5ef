import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, describe, expect, it } from 'vitest';
import { openEnginePool } from '../../src/database/engine-pool.ts';
import { temporaryDataDir } from '../temporary-data-dir.ts';

const log = pino({ level: 'silent' });
const cleanUp: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).toReversed()) await step();
});

function poolAt(socketDir: string) {
  const pool = openEnginePool(`postgresql://handrail@localhost/handrail?host=${socketDir}`, log);
  cleanUp.push(() => pool.end());
  return pool;
}

describe('openEnginePool', () => {
  it('speaks of a socket that is not there as the engine expects it', async () => {
    const { path, remove } = await temporaryDataDir();
    cleanUp.push(remove);

    await expect(poolAt(path).query('select 1')).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  it('speaks of a connection closed under a statement as the engine expects it', async () => {
    const { path, remove } = await temporaryDataDir();
    cleanUp.push(remove);
    const socket = join(path, '.s.PGSQL.5432');
    // says that it is ready, and hangs up: what the client writes then meets a closed socket
    const server = createServer((connection) => {
      connection.once('data', () => {
        connection.write(Buffer.from('5200000008000000005a0000000549', 'hex'));
        connection.destroy();
      });
      connection.on('error', () => {});
    });
    await new Promise<void>((resolve) => server.listen(socket, resolve));
    cleanUp.push(
      async () => server.close(),
      () => rm(socket, { force: true }),
    );

    const failure: unknown = await poolAt(path)
      .query('select 1')
      .catch((error: unknown) => error);

    expect(String(failure)).toMatch(/EPIPE|terminated unexpectedly/);
    expect(failure).not.toMatchObject({ code: 'EPIPE' });
  });
});
