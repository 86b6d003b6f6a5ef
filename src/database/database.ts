import type { Sql } from 'sql-template-tag';

export interface Queryable {
  /** Rows as Postgres gives them: jsonb parsed, timestamptz as Date, bigint as number. */
  query<Row>(statement: Sql): Promise<Row[]>;
}

/** One open transaction. Its connection is what the workflow engine needs to send within it. */
export interface Transaction extends Queryable {
  readonly connection: unknown;
}

/**
 * Handrail's tables in Postgres. Connection failures are retried where nothing can have happened yet, and raised
 * otherwise as DatabaseUnavailableError (`database_unavailable`).
 */
export interface Database extends Queryable {
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  /** Calls back for each NOTIFY on the channel, through reconnects. Resolves to a way to stop. */
  listen(channel: string, heard: (payload: string) => void): Promise<() => Promise<void>>;
  close(): Promise<void>;
}
