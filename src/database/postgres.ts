import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import type { Sql } from 'sql-template-tag';
import { isConnectionError, isPassing, wasNotSent } from './connection-errors.ts';
import type { Database, Transaction } from './database.ts';
import { DatabaseUnavailableError, TransactionAbortedError } from './database-errors.ts';
import { createListener } from './listener.ts';
import { openPool, type PoolOptions } from './pool.ts';

const FIRST_RETRY_MS = 50;
const LONGEST_RETRY_MS = 500;

export interface DatabaseOptions extends PoolOptions {
  /** How long to go on trying to reach the server before a statement fails; default 10 s. */
  readonly reachTimeoutMs?: number;
}

/**
 * Handrail's tables in the Postgres at the URL. What other errors Postgres raises pass as they are, with their SQLSTATE as `code`.
 * @throws DatabaseUnavailableError (`database_unavailable`) when the server cannot be reached at all
 */
export async function connectDatabase(url: string, options: DatabaseOptions): Promise<Database> {
  const pool = openPool(url, options);
  const listener = createListener(url, options.log);
  const reachTimeoutMs = options.reachTimeoutMs ?? 10_000;
  const database: Database = {
    query: <Row>(statement: Sql) => untilSent<Row>({ pool, reachTimeoutMs }, statement),
    transaction: (work) =>
      withClient({ pool, reachTimeoutMs, begin: true }, (client) => transact(client, work)),
    listen: listener.listen,
    async close() {
      await listener.close();
      await pool.end();
    },
  };
  try {
    await withClient({ pool, reachTimeoutMs }, (client) => client.query('select 1'));
  } catch (error) {
    await database.close();
    throw error;
  }
  return database;
}

/** A pooled connection may have died unnoticed: then the statement goes over another one. */
async function untilSent<Row>(reach: Reach, statement: Sql): Promise<Row[]> {
  const deadline = Date.now() + reach.reachTimeoutMs;
  while (true) {
    try {
      return await withClient(reach, (client) => run<Row>(client, statement));
    } catch (error) {
      const cause = error instanceof DatabaseUnavailableError ? error.cause : undefined;
      if (!wasNotSent(cause) || Date.now() > deadline) throw error;
    }
  }
}

async function run<Row>(client: pg.PoolClient, statement: Sql): Promise<Row[]> {
  const { rows } = await client.query({ text: statement.text, values: statement.values });
  return rows as Row[];
}

/** The transaction is open already. A commit whose answer is lost may or may not have counted. */
async function transact<T>(
  client: pg.PoolClient,
  work: (tx: Transaction) => Promise<T>,
): Promise<T> {
  try {
    const result = await work({
      query: <Row>(statement: Sql) => run<Row>(client, statement).catch(raise),
      connection: client,
    });
    // Postgres answers ROLLBACK to the commit of a transaction in which a statement failed, and raises nothing
    const { command } = await client.query('commit');
    if (command === 'ROLLBACK') throw new TransactionAbortedError();
    return result;
  } catch (error) {
    await client.query('rollback').catch(() => {});
    throw error;
  }
}

interface Reach {
  readonly pool: pg.Pool;
  readonly reachTimeoutMs: number;
  /** Open a transaction, too: one that could not be opened has done nothing. */
  readonly begin?: boolean;
}

async function withClient<T>(
  reach: Reach,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const client = await readyClient(reach);
  let broken = false;
  try {
    return await work(client);
  } catch (error) {
    broken = isConnectionError(error) || error instanceof DatabaseUnavailableError;
    return raise(error);
  } finally {
    client.release(broken);
  }
}

/** Retried until the time is up: nothing of the caller's has been sent yet. */
async function readyClient({ pool, reachTimeoutMs, begin }: Reach): Promise<pg.PoolClient> {
  const deadline = Date.now() + reachTimeoutMs;
  for (let retryMs = FIRST_RETRY_MS; ; retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS)) {
    let client: pg.PoolClient | undefined;
    try {
      client = await pool.connect();
      if (begin) await client.query('begin');
      return client;
    } catch (error) {
      client?.release(true);
      if (!isConnectionError(error) || Date.now() + retryMs > deadline) return raise(error);
    }
    await delay(retryMs);
  }
}

function raise(error: unknown): never {
  const isAway = isConnectionError(error) || isPassing(error);
  if (error instanceof Error && isAway) throw new DatabaseUnavailableError(error);
  throw error;
}
