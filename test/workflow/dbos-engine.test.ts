import { pino } from 'pino';
import sql from 'sql-template-tag';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { WorkflowEngine } from '../../src/workflow/workflow.ts';
import { type FreshDatabase, freshDatabase } from '../fresh-database.ts';
import { createEngine, effectsOf, open, prepareWorld, untilEffect } from './scenario.ts';

const log = pino({ level: 'error' });
const SOON = { timeout: 15_000, interval: 50 };

let fresh: FreshDatabase;
let engine: WorkflowEngine;
beforeAll(async () => {
  fresh = await freshDatabase();
  await prepareWorld(fresh.database);
  engine = await launched('1');
});
afterAll(async () => {
  await engine.shutdown();
  await fresh.drop();
});

async function launched(version: string): Promise<WorkflowEngine> {
  const { url, database } = fresh;
  const created = createEngine({ url, database, executorId: 'here', version, log });
  await created.launch();
  return created;
}

/** First writer wins; the row and the message commit together. */
function decide(runId: string, verdict: string): Promise<boolean> {
  return fresh.database.transaction(async (tx) => {
    const won = await tx.query(sql`
      insert into approval (run_id, gate, digest, status, policy, expires_at)
      values (${runId}, 1, '', ${verdict}, '{}', now()) on conflict do nothing returning 1`);
    if (won.length === 0) return false;
    await engine.send(tx, { runId, topic: 'verdict', key: `${verdict}`, body: { verdict } });
    return true;
  });
}

async function insertRun(runId: string): Promise<void> {
  await fresh.database.query(sql`
    insert into run (id, runbook, cluster, target, inputs, requester, cause, status, trace_id)
    values (${runId}, 'r', 'c', 't', '{}', '{}', '{}', 'planning', '')`);
}

describe('start', () => {
  it('runs once however often it is asked for', async () => {
    await Promise.all([1, 2, 3, 4].map(() => engine.start('steps-once')));
    await open(fresh.database, 'steps-once');
    expect(await untilEffect(fresh.database, 'steps-once', 'last')).toEqual([
      'first',
      'slow begins',
      'slow ends',
      'last',
    ]);

    await engine.start('steps-once');

    expect(await untilEffect(fresh.database, 'steps-once', 'last')).toEqual([
      'first',
      'slow begins',
      'slow ends',
      'last',
    ]);
  });
});

describe('send', () => {
  it('is one message when twenty race to decide', async () => {
    await insertRun('waits-race');
    await engine.start('waits-race');
    const verdicts = Array.from({ length: 20 }, (_, i) => `verdict-${i}`);

    const won = await Promise.all(verdicts.map((verdict) => decide('waits-race', verdict)));

    const winners = verdicts.filter((_, i) => won[i]);
    expect(winners).toHaveLength(1);
    expect(await untilEffect(fresh.database, 'waits-race', 'then nothing')).toEqual([
      'waiting',
      `told {"verdict":"${winners[0]}"}`,
      'then nothing',
    ]);
  });

  it('sends nothing when the transaction is rolled back', async () => {
    await engine.start('waits-rollback');
    await fresh.database
      .transaction(async (tx) => {
        await engine.send(tx, {
          runId: 'waits-rollback',
          topic: 'verdict',
          key: 'a',
          body: 'lost',
        });
        throw new Error('rolled back');
      })
      .catch(() => {});

    await fresh.database.transaction((tx) =>
      engine.send(tx, { runId: 'waits-rollback', topic: 'verdict', key: 'b', body: null }),
    );

    expect(await untilEffect(fresh.database, 'waits-rollback', 'then nothing')).toEqual([
      'waiting',
      'told null',
      'then nothing',
    ]);
  });

  it('is received once when sent again under the same key', async () => {
    await engine.start('waits-twice');

    for (const body of ['first', 'again']) {
      await fresh.database.transaction((tx) =>
        engine.send(tx, { runId: 'waits-twice', topic: 'verdict', key: 'same', body }),
      );
    }

    expect(await untilEffect(fresh.database, 'waits-twice', 'then nothing')).toEqual([
      'waiting',
      'told "first"',
      'then nothing',
    ]);
  });
});

describe('step', () => {
  it('is done again when it lost the database, instead of failing', async () => {
    await engine.start('breaks-1');

    expect(await untilEffect(fresh.database, 'breaks-1', 'done')).toEqual([
      'tried',
      'tried',
      'done',
    ]);
  });
});

describe('another version', () => {
  it('leaves the runs of the old one alone and names them; the old one goes on with them', async () => {
    await engine.start('steps-version');
    expect(await untilEffect(fresh.database, 'steps-version', 'slow begins')).toEqual([
      'first',
      'slow begins',
    ]);
    expect(await engine.stranded()).toEqual([]);
    await engine.shutdown();
    await open(fresh.database, 'steps-version');

    engine = await launched('2');
    await vi.waitFor(async () =>
      expect(await engine.stranded()).toContainEqual({ runId: 'steps-version', version: '1' }),
    );
    expect(await effectsOf(fresh.database, 'steps-version')).not.toContain('last');

    await engine.shutdown();
    engine = await launched('1');
    await vi.waitFor(
      async () => expect(await effectsOf(fresh.database, 'steps-version')).toContain('last'),
      SOON,
    );
  });
});
