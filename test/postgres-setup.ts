import { pino } from 'pino';
import type { TestProject } from 'vitest/node';
import { startEmbeddedPostgres } from '../src/database/embedded-postgres.ts';
import { temporaryDataDir } from './temporary-data-dir.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** A superuser's, of the one Postgres of this test run: see fresh-database.ts. */
    databaseUrl: string;
  }
}

/** One real Postgres for all test files, gone with all its data afterwards. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = await temporaryDataDir();
  const postgres = await startEmbeddedPostgres({
    dataDir: dataDir.path,
    log: pino({ level: 'warn' }),
  });
  project.provide('databaseUrl', postgres.url);
  return async () => {
    await postgres.stop();
    await dataDir.remove();
  };
}
