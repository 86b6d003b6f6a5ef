import pg from 'pg';
import type { Logger } from 'pino';

const INT8 = 20;
const SECOND_MS = 1_000;

/** Counters and sequences are far below 2^53; node-postgres would give them as text. */
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    oid === INT8 ? Number : pg.types.getTypeParser(oid, format),
};

export interface PoolOptions {
  readonly log: Logger;
  /** Default 10. */
  readonly size?: number;
  /** Ended by the server after this; default 30 s. The client gives up 5 s later, for a server that is out of reach. */
  readonly statementTimeoutMs?: number;
  /** Shown in pg_stat_activity; default `handrail`. */
  readonly applicationName?: string;
}

export function clientConfig(url: string, applicationName: string): pg.ClientConfig {
  return {
    connectionString: url,
    application_name: applicationName,
    connectionTimeoutMillis: 5 * SECOND_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10 * SECOND_MS,
    types,
  };
}

/** A pool that outlives its server: connections that break while idle are logged and replaced. */
export function openPool(url: string, options: PoolOptions): pg.Pool {
  const statementTimeoutMs = options.statementTimeoutMs ?? 30 * SECOND_MS;
  const pool = new pg.Pool({
    ...clientConfig(url, options.applicationName ?? 'handrail'),
    max: options.size ?? 10,
    idleTimeoutMillis: 30 * SECOND_MS,
    statement_timeout: statementTimeoutMs,
    query_timeout: statementTimeoutMs + 5 * SECOND_MS,
    idle_in_transaction_session_timeout: 60 * SECOND_MS,
  });
  const noticed = (error: Error) =>
    options.log.debug({ reason: error.message }, 'a database connection broke');
  pool.on('error', noticed);
  // a client that breaks while in use says so twice: to its statement, and here
  pool.on('connect', (client) => client.on('error', noticed));
  return pool;
}
