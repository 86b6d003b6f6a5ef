import sql from 'sql-template-tag';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { inEnglish } from '../../src/language/translate.ts';
import { createRuns, startForgotten } from '../../src/runs/run-service.ts';
import { jun, mina, type RunWorld, rule, startRunWorld } from './run-world.ts';
import { newShelf, type Shelf } from './shelf-actions.ts';

const shelf: Shelf = newShelf();
let world: RunWorld;

beforeAll(async () => {
  world = await startRunWorld(shelf);
});
afterAll(() => world.stop());

beforeEach(() => {
  Object.assign(shelf, newShelf('cup', 'plate'), { fragile: true });
  world.rules.splice(0, world.rules.length, rule);
});

async function audited(runId: string, verb: string): Promise<unknown[]> {
  const rows = await world.database.query<{ body: { who: object; after: object } }>(sql`
    select body::jsonb as body from audit_entry
    where body::jsonb->>'run' = ${runId} and body::jsonb->>'verb' = ${verb}`);
  return rows.map(({ body }) => ({ ...body.who, ...body.after }));
}

describe('an exception', () => {
  it('that is accepted with the request stands in the audit log, and in the timeline', async () => {
    const runId = await world.ask({ accepted: ['fragile'] });
    const run = await world.until(runId, 'awaiting_approval');

    expect(await audited(runId, 'request')).toMatchObject([
      { actor: mina.id, accepted: ['fragile'] },
    ]);
    expect(run.timeline[0]?.text).toBe('Mina Park asked for it, accepting: fragile');
    await world.runs.stop(runId, mina);
    await world.until(runId, 'cancelled');
  });

  it('that is accepted later stands there with who accepted it', async () => {
    const runId = await world.ask();
    await world.until(runId, 'blocked');

    await world.runs.acceptExceptions(runId, ['fragile'], jun);

    await world.until(runId, 'awaiting_approval');
    expect(await audited(runId, 'accept')).toMatchObject([
      { actor: jun.id, requester: mina.id, exceptions: ['fragile'] },
    ]);
    await world.runs.stop(runId, mina);
    await world.until(runId, 'cancelled');
  });

  it('is not accepted by choosing none, nor when the time for it is over', async () => {
    const runId = await world.ask();
    await world.until(runId, 'blocked');

    expect(await world.runs.acceptExceptions(runId, [], mina)).toMatchObject({ status: 'refused' });
    await world.database.query(sql`update run set blocked_until = now() where id = ${runId}`);
    expect(await world.runs.acceptExceptions(runId, ['fragile'], mina)).toMatchObject({
      status: 'too_late',
    });
    expect(await world.phases.decided(runId, 1)).toEqual({ status: 'expired' });
    await world.runs.stop(runId, mina);
    await world.until(runId, 'cancelled');
  });

  it('is not needed any more once somebody has stopped the run', async () => {
    const runId = await world.ask();
    await world.until(runId, 'blocked');
    const [stopped, accepted] = await Promise.all([
      world.runs.stop(runId, mina),
      world.runs.acceptExceptions(runId, ['fragile'], jun),
    ]);

    expect(inEnglish(stopped.text)).toContain('is stopping');
    expect(['too_late', 'decided']).toContain(accepted.status);
    await world.until(runId, 'cancelled');
    expect(shelf.removals).toEqual([]);
  });
});

describe('a request that is recorded while the engine cannot start it', () => {
  it('is answered, and starts later', async () => {
    shelf.fragile = false;
    const engine = {
      ...world.environment.engine,
      start: async () => {
        throw new Error('the database went away just now');
      },
    };
    const inputs = { shelf: 'later' };
    const request = { runbook: 'tidy', cluster: 'kr', inputs, requester: mina, dryRun: false };
    const { runId } = await createRuns({ ...world.environment, engine }).request({
      ...request,
      cause: { kind: 'command', text: 'tidy later' },
      accepted: [],
    });
    expect(await world.runs.get(runId)).toMatchObject({ status: 'planning' });

    await world.database.query(
      sql`update run set created_at = now() - interval '6 seconds' where id = ${runId}`,
    );
    await startForgotten(world.environment);

    await world.until(runId, 'awaiting_approval');
    await world.runs.stop(runId, mina);
    await world.until(runId, 'cancelled');
  });
});
