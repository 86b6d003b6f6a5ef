import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pino } from 'pino';
import sql from 'sql-template-tag';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/database/database.ts';
import {
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from '../../src/database/embedded-postgres.ts';
import { migrate } from '../../src/database/migrate.ts';
import { connectDatabase } from '../../src/database/postgres.ts';
import { errorCode } from '../../src/errors.ts';
import type { WorkflowEngine } from '../../src/workflow/workflow.ts';
import { temporaryDataDir } from '../temporary-data-dir.ts';
import { createEngine, MANY, prepareWorld, untilEffect } from './scenario.ts';

const log = pino({ level: 'silent' });

let dataDir: Awaited<ReturnType<typeof temporaryDataDir>>;
let postgres: EmbeddedPostgres;
let database: Database;
let engine: WorkflowEngine;
beforeAll(async () => {
  dataDir = await temporaryDataDir();
  postgres = await startEmbeddedPostgres({ dataDir: dataDir.path, log });
  await migrate(postgres.url, log);
  database = await connectDatabase(postgres.url, { log });
  await prepareWorld(database);
  engine = createEngine({ url: postgres.url, database, executorId: 'here', version: '1', log });
  await engine.launch();
});
afterAll(async () => {
  await engine.shutdown();
  await database.close();
  await postgres.stop();
  await dataDir.remove();
});

/** The server that runs now: not once more the one that was killed before. */
async function killPostgres(killedBefore?: number): Promise<number> {
  while (true) {
    const lock = await readFile(join(dataDir.path, 'cluster', 'postmaster.pid'), 'utf8');
    const pid = Number.parseInt(lock, 10);
    if (pid !== killedBefore) {
      process.kill(pid, 'SIGKILL');
      return pid;
    }
    await delay(20);
  }
}

/** What a person does who is told that the database was away: the key makes it one message all the same. */
async function sendUntilSent(runId: string): Promise<void> {
  try {
    await database.transaction((tx) =>
      engine.send(tx, { runId, topic: 'verdict', key: 'one', body: 'go' }),
    );
  } catch (error) {
    if (errorCode(error) !== 'database_unavailable') throw error;
    await sendUntilSent(runId);
  }
}

async function statuses(): Promise<string[]> {
  const rows = await database.query<{ status: string }>(
    sql`select distinct status from dbos.workflow_status`,
  );
  return rows.map(({ status }) => status);
}

describe('a database killed again and again', () => {
  it('delays runs that work and runs that wait, and fails none of them', async () => {
    const working = ['many-1', 'many-2', 'many-3', 'many-4', 'many-5'];
    for (const runId of [...working, 'waits-1']) await engine.start(runId);

    let killed: number | undefined;
    for (const progress of [MANY / 4, MANY / 2, (MANY * 3) / 4]) {
      await untilEffect(database, 'many-1', `${progress}`);
      killed = await killPostgres(killed);
    }
    await sendUntilSent('waits-1');

    const every = Array.from({ length: MANY }, (_, i) => `${i}`);
    for (const runId of working) {
      const effects = await untilEffect(database, runId, `${MANY - 1}`);
      expect([...new Set(effects)]).toEqual(every);
    }
    expect(await untilEffect(database, 'waits-1', 'then nothing')).toContain('told "go"');
    await expect.poll(() => statuses().catch(() => []), { timeout: 15_000 }).toEqual(['SUCCESS']);
  }, 60_000);
});
