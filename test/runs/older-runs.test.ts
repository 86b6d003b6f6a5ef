import { fileURLToPath } from 'node:url';
import { runner } from 'node-pg-migrate';
import { pino } from 'pino';
import sql from 'sql-template-tag';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/database/database.ts';
import { migrate } from '../../src/database/migrate.ts';
import { connectDatabase } from '../../src/database/postgres.ts';
import { LANGUAGES } from '../../src/language/text.ts';
import { translated, translateTo } from '../../src/language/translate.ts';
import { listRuns, loadRun } from '../../src/runs/run-rows.ts';
import { emptyDatabase, type FreshDatabase } from '../fresh-database.ts';

const log = pino({ level: 'warn' });
/** The version before words for people were kept in every language. */
const MIGRATIONS_BEFORE = 6;

let old: Pick<FreshDatabase, 'url' | 'drop'>;
let database: Database;
beforeAll(async () => {
  old = await emptyDatabase();
  await runner({
    databaseUrl: old.url,
    dir: fileURLToPath(new URL('../../src/database/migrations', import.meta.url)),
    direction: 'up',
    count: MIGRATIONS_BEFORE,
    migrationsTable: 'handrail_migration',
    log: () => {},
  });
  database = await connectDatabase(old.url, { log });
  await keepAsThen();
  await migrate(old.url, log);
});
afterAll(async () => {
  await database.close();
  await old.drop();
});

const outcome = {
  summary: 'Node unstable, node kr-b-2 in kr, failed: pod "{web}" doesn\'t leave.',
  undone: ['uncordoned kr-b-2'],
  left: ['{count, plural, one {a volume}} stays'],
};
const failure = { code: 'drain_timeout', message: 'pod "{web}" doesn\'t leave' };
const plan = { headline: 'Node unstable, node kr-b-2 in kr: cordon kr-b-2', steps: [] };
const undo = { summary: 'uncordoned kr-b-2', changed: true, left: [] };

/** A run as that version wrote it. */
async function keepAsThen(): Promise<void> {
  await database.query(sql`
    insert into run (id, runbook, cluster, target, inputs, requester, cause, status, plan, outcome, failure, trace_id)
    values ('r-old', 'node-unstable', 'kr', 'node/kr-b-2', '{}', '{}', '{}', 'failed', ${JSON.stringify(plan)},
      ${JSON.stringify(outcome)}, ${JSON.stringify(failure)}, '')`);
  await database.query(sql`
    insert into run_step (run_id, step_id, position, title, status, summary, left_over, error, undo)
    values ('r-old', 'drain', 0, 'Drain', 'failed', 'evicted 3 of {10} pods', ${['"gpu-1" stays']},
      ${JSON.stringify(failure)}, ${JSON.stringify(undo)})`);
  await database.query(sql`
    insert into timeline_event (run_id, seq, key, level, text)
    values ('r-old', 1, 'requested', 'info', 'Mina Park asked for it'), ('r-old', 2, 'empty', 'info', '')`);
}

describe.each(LANGUAGES)('a run that an older version kept, shown in %s', (language) => {
  const t = translateTo(language);

  it('is shown as it was written', async () => {
    const run = translated(await loadRun(database, 'r-old', (name) => name), t);

    expect(run).toMatchObject({ plan, outcome, failure });
    expect(run.steps).toMatchObject([
      {
        title: 'Drain',
        summary: 'evicted 3 of {10} pods',
        left: ['"gpu-1" stays'],
        error: failure,
        undo,
      },
    ]);
    expect(run.timeline.map(({ text }) => text)).toEqual(['Mina Park asked for it', '']);
  });

  it('is in the history as it was written', async () => {
    const runs = translated(await listRuns(database, { limit: 5 }), t);

    expect(runs).toMatchObject([{ id: 'r-old', summary: outcome.summary }]);
  });
});
