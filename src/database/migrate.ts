import { fileURLToPath } from 'node:url';
import { runner } from 'node-pg-migrate';
import pg from 'pg';
import type { Logger } from 'pino';
import { clientConfig } from './pool.ts';

const MIGRATIONS = fileURLToPath(new URL('./migrations', import.meta.url));

/**
 * Brings the tables up to this version of Handrail: each file in migrations/ once, in the order of its number, all in
 * one transaction. Processes that start together wait for each other. On a connection of its own, without the
 * statement timeout of the others.
 */
export async function migrate(url: string, log: Logger): Promise<void> {
  const client = new pg.Client(clientConfig(url, 'handrail migrations'));
  client.on('error', (error) =>
    log.debug({ reason: error.message }, 'the migration connection broke'),
  );
  await client.connect();
  try {
    const done = await runner({
      dbClient: client,
      dir: MIGRATIONS,
      direction: 'up',
      migrationsTable: 'handrail_migration',
      advisoryLockMode: 'wait',
      logger: {
        debug: () => {},
        info: (text) => log.debug(text),
        warn: (text) => log.warn(text),
        error: (text) => log.error(text),
      },
    });
    if (done.length > 0) log.info({ migrations: done.map(({ name }) => name) }, 'tables migrated');
  } finally {
    await client.end();
  }
}
