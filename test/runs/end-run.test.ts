import sql from 'sql-template-tag';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunEnd } from '../../src/runs/run.ts';
import { endRun, insertRun, saveFailure } from '../../src/runs/run-store.ts';
import { type FreshDatabase, freshDatabase } from '../fresh-database.ts';
import { mina } from './run-world.ts';

let fresh: FreshDatabase;
beforeAll(async () => {
  fresh = await freshDatabase();
});
afterAll(() => fresh.drop());

const failure = { code: 'plan_blocked', message: 'A look before a crash saw a blocker.' };

/** Ends a run whose process noted a failure and died before it could act on it; returns what is kept of it. */
async function failureAfter(status: RunEnd): Promise<unknown> {
  const id = `r-${status}`;
  const about = { runbook: 'tidy', cluster: 'kr', target: `shelf/${status}`, inputs: {} };
  const asked = { requester: mina, cause: { kind: 'cli', text: 'tidy' } } as const;
  await fresh.database.transaction(async (tx) => {
    await insertRun(tx, { id, ...about, ...asked, accepted: [], dryRun: false, traceId: 't' });
    await saveFailure(tx, id, failure);
    await endRun(tx, id, { status, outcome: { summary: '', undone: [], left: [] } });
  });
  const [row] = await fresh.database.query<{ failure: unknown }>(
    sql`select failure from run where id = ${id}`,
  );
  return row?.failure;
}

describe('the end of a run', () => {
  it('keeps why it failed', async () => {
    expect(await failureAfter('failed')).toEqual(failure);
  });

  it('keeps no failure of a run that went on after it and came to another end', async () => {
    expect(await failureAfter('succeeded')).toBeNull();
  });
});
