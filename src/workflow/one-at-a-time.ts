import { setTimeout as delay } from 'node:timers/promises';
import sql from 'sql-template-tag';
import type { Database, Transaction } from '../database/database.ts';

const ASK_AGAIN_MS = 100;

/**
 * Does the work while no other process does, as several that start together would make the engine's tables at the same
 * time and end in a deadlock. Asks for the lock again and again instead of waiting for it: the engine makes its indexes
 * CONCURRENTLY, which waits for every older statement, and one that waits for the lock would be waited for.
 */
export function oneAtATime<T>(database: Database, work: () => Promise<T>): Promise<T> {
  return database.transaction(async (tx) => {
    await tx.query(sql`set local idle_in_transaction_session_timeout = '10min'`);
    while (!(await isOurs(tx))) await delay(ASK_AGAIN_MS);
    return work();
  });
}

async function isOurs(tx: Transaction): Promise<boolean> {
  // without parameters: a prepared statement would leave a snapshot open, which counts as an older statement, too
  const [answer] = await tx.query<{ ours: boolean }>(
    sql`select pg_try_advisory_xact_lock(718281829) as ours`,
  );
  return answer?.ours === true;
}
