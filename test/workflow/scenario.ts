import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import sql from 'sql-template-tag';
import type { Database } from '../../src/database/database.ts';
import { openEnginePool } from '../../src/database/engine-pool.ts';
import { errorCode, errorMessage, errorText, RunbookError } from '../../src/errors.ts';
import type { Json } from '../../src/json.ts';
import { LANGUAGES, say } from '../../src/language/text.ts';
import { translateTo } from '../../src/language/translate.ts';
import { createDbosEngine } from '../../src/workflow/dbos-engine.ts';
import type { Workflow, WorkflowEngine } from '../../src/workflow/workflow.ts';

/** What the workflows of these tests leave in the world, and what they wait for there. */
export async function prepareWorld(database: Database): Promise<void> {
  await database.query(sql`
    create table effect (id bigint generated always as identity, run_id text, executor text, what text)`);
  await database.query(sql`create table opened (name text primary key)`);
  await database.query(sql`create table deadline (run_id text primary key, at bigint)`);
}

/** How many steps a run of `many` has. */
export const MANY = 60;

interface World {
  readonly database: Database;
  readonly executorId: string;
}

export async function effectsOf(database: Database, runId: string): Promise<string[]> {
  const rows = await database.query<{ what: string }>(
    sql`select what from effect where run_id = ${runId} order by id`,
  );
  return rows.map(({ what }) => what);
}

/** Looks again and again, through a database that is away, too; fails after a while with what there was instead. */
export async function untilEffect(
  database: Database,
  runId: string,
  what: string,
): Promise<string[]> {
  const deadline = Date.now() + 15_000;
  while (true) {
    const effects = await effectsOf(database, runId).catch(unlessAway);
    if (effects.includes(what)) return effects;
    if (Date.now() > deadline) throw new Error(`${runId}: no "${what}" among ${effects}`);
    await delay(50);
  }
}

function unlessAway(error: unknown): string[] {
  if (errorCode(error) === 'database_unavailable') return [];
  throw error;
}

export async function executorsOf(database: Database, runId: string): Promise<string[]> {
  const rows = await database.query<{ executor: string }>(
    sql`select distinct executor from effect where run_id = ${runId} order by executor`,
  );
  return rows.map(({ executor }) => executor);
}

export async function open(database: Database, name: string): Promise<void> {
  await database.query(sql`insert into opened values (${name}) on conflict do nothing`);
}

/** What a run of these tests does is in the first word of its id. */
function scenario({ database, executorId }: World, engine: WorkflowEngine) {
  async function note(runId: string, what: string): Promise<undefined> {
    await database.query(
      sql`insert into effect (run_id, executor, what) values (${runId}, ${executorId}, ${what})`,
    );
  }

  /** Three steps; the second goes on only when the test opens it. Undoes itself when one fails. */
  async function steps(workflow: Workflow, runId: string): Promise<void> {
    try {
      await workflow.step('first', () => note(runId, 'first'));
      await workflow.step('slow', () => slow(runId));
      await workflow.step('last', () => note(runId, 'last'));
    } catch (error) {
      await workflow.step('undo', () => note(runId, 'undone'));
      throw error;
    }
  }

  async function slow(runId: string): Promise<undefined> {
    await note(runId, 'slow begins');
    const names = [runId, `${runId} for ${executorId}`];
    while (
      (await database.query(sql`select from opened where name = any(${names})`)).length === 0
    ) {
      await delay(20);
    }
    return note(runId, 'slow ends');
  }

  /** Waits as `steps` does, and looks then whether it may still change anything. */
  async function careful(workflow: Workflow, runId: string): Promise<void> {
    await workflow.step('careful', async () => {
      await slow(runId);
      await engine.checkOwner(database);
      return note(runId, `changed by ${executorId}`);
    });
  }

  async function many(workflow: Workflow, runId: string): Promise<void> {
    for (let i = 0; i < MANY; i += 1) await workflow.step(`step ${i}`, () => note(runId, `${i}`));
  }

  /** The first attempt loses the database under its statement. */
  async function breaks(workflow: Workflow, runId: string): Promise<void> {
    await workflow.step('break', async () => {
      await note(runId, 'tried');
      if ((await effectsOf(database, runId)).length === 1) {
        await database.query(sql`select pg_terminate_backend(pg_backend_pid())`);
      }
      return note(runId, 'done');
    });
  }

  async function waits(workflow: Workflow, runId: string): Promise<void> {
    const deadline = await workflow.step('deadline', async () => {
      await note(runId, 'waiting');
      const [row] = await database.query<{ at: number }>(
        sql`select at from deadline where run_id = ${runId}`,
      );
      return row?.at ?? Date.now() + 600_000;
    });
    const message = await workflow.receive('verdict', deadline);
    await workflow.step('told', () => note(runId, `told ${JSON.stringify(message) ?? 'nothing'}`));
    const more = await workflow.receive('verdict', Date.now());
    await workflow.step('more', () => note(runId, `then ${JSON.stringify(more) ?? 'nothing'}`));
  }

  /** Says what it caught at once, and again when it is replayed. */
  async function fails(workflow: Workflow, runId: string): Promise<void> {
    try {
      await workflow.step('fail', async () => {
        throw new RunbookError('pod_stuck', say('Stopped by {by}.', { by: 'Mina' }), {
          data: { pod: 'api-1', attempts: 3 },
          cause: new Error('429'),
        });
      });
    } catch (error) {
      await note(runId, describeError(error));
    }
    await workflow.receive('never', Date.now() + 600_000);
  }

  return async (workflow: Workflow, runId: string): Promise<void> => {
    const kinds = { steps, careful, many, breaks, waits, fails };
    await kinds[runId.split('-')[0] as keyof typeof kinds](workflow, runId);
  };
}

function describeError(error: unknown): string {
  const { data, cause } = error as { data?: Json; cause?: unknown };
  const said = LANGUAGES.map((language) => translateTo(language)(errorText(error)));
  return JSON.stringify([errorCode(error), said, data ?? null, errorMessage(cause)]);
}

interface EngineSettings extends World {
  readonly url: string;
  readonly version: string;
  readonly log: Logger;
}

export function createEngine({ url, version, ...world }: EngineSettings): WorkflowEngine {
  const engine = createDbosEngine({
    ...world,
    databaseUrl: url,
    pool: openEnginePool(url, world.log),
    applicationVersion: version,
    beatMs: 200,
    staleAfterMs: 1_000,
    shutdownTimeoutMs: 2_000,
  });
  engine.define(scenario(world, engine));
  return engine;
}
