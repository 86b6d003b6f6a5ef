import { readdir } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runner } from 'node-pg-migrate';
import pg from 'pg';
import type { Logger } from 'pino';
import { DatabaseSetupError, explained } from './database-setup.ts';
import { clientConfig } from './pool.ts';

const TABLE = 'handrail_migration';
const MIGRATIONS = fileURLToPath(new URL('./migrations', import.meta.url));

/**
 * Brings the tables up to this version of Handrail: each file in migrations/ once, in the order of its number, all in
 * one transaction. Processes that start together wait for each other. On a connection of its own, without the
 * statement timeout of the others.
 * @throws DatabaseSetupError (`database_setup_invalid`), also where a newer Handrail has been there
 */
export function migrate(url: string, log: Logger): Promise<void> {
  return explained(url, () => migrateTables(url, log));
}

async function migrateTables(url: string, log: Logger): Promise<void> {
  const client = new pg.Client(clientConfig(url, 'handrail migrations'));
  client.on('error', (error) =>
    log.debug({ reason: error.message }, 'the migration connection broke'),
  );
  await client.connect();
  try {
    await refuseNewer(client);
    const done = await runner({
      dbClient: client,
      dir: MIGRATIONS,
      direction: 'up',
      migrationsTable: TABLE,
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

/** What a newer version keeps in its tables this one would misread. */
async function refuseNewer(client: pg.Client): Promise<void> {
  const { rows: tables } = await client.query('select to_regclass($1) as found', [TABLE]);
  if (tables[0]?.found === null) return;
  const { rows } = await client.query<{ name: string }>(`select name from ${TABLE} order by id`);
  const known = (await readdir(MIGRATIONS)).map((file) => basename(file, '.sql'));
  const newer = rows.map(({ name }) => name).filter((name) => !known.includes(name));
  if (newer.length === 0) return;
  throw new DatabaseSetupError(
    `The tables were made by a newer Handrail (${newer.join(', ')}), which this one does not know: start that version, or go back to a backup from before it. Nothing was changed.`,
  );
}
