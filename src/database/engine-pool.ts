import { Socket } from 'node:net';
import pg from 'pg';
import type { Logger } from 'pino';
import { errorCode } from '../errors.ts';
import { clientConfig } from './pool.ts';

/**
 * A pool for the workflow engine, which waits for a lost database to come back, but knows it only as ECONNRESET and
 * ECONNREFUSED: what a Unix socket says instead would be kept as a step's result. No statement timeouts either, for
 * the same reason: the engine takes them for the step's failure.
 */
export function openEnginePool(url: string, log: Logger): pg.Pool {
  const pool = new pg.Pool({
    ...clientConfig(url, 'handrail engine'),
    max: 10,
    idle_in_transaction_session_timeout: 60_000,
    stream: () => new ResettingSocket(),
  });
  const noticed = (error: Error) =>
    log.debug({ reason: error.message }, 'a connection of the workflow engine broke');
  pool.on('error', noticed);
  pool.on('connect', (client) => client.on('error', noticed));
  return pool;
}

class ResettingSocket extends Socket {
  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    const code = errorCode(error);
    if (error !== null && (code === 'EPIPE' || code === 'ENOENT')) {
      super._destroy(Object.assign(error, { code: 'ECONNRESET' }), callback);
    } else {
      super._destroy(error, callback);
    }
  }
}
