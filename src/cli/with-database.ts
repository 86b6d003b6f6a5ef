import { Closers, openDatabase } from '../app.ts';
import { readEnvironment } from '../config.ts';
import type { Database } from '../database/database.ts';
import { createLogger } from '../log.ts';

/** For commands that only look: no cluster, no Slack, no engine. */
export async function withDatabase<T>(work: (database: Database) => Promise<T>): Promise<T> {
  const closers = new Closers();
  try {
    const { database } = await openDatabase(
      { environment: readEnvironment(), log: createLogger('warn') },
      closers,
    );
    return await work(database);
  } finally {
    await closers.close();
  }
}
