import sql from 'sql-template-tag';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { inEnglish } from '../../src/language/translate.ts';
import { jun, mina, type RunWorld, rule, sora, startRunWorld } from './run-world.ts';
import { newShelf, type Shelf } from './shelf-actions.ts';

const shelf: Shelf = newShelf();
let world: RunWorld;

beforeAll(async () => {
  world = await startRunWorld(shelf);
});
afterAll(() => world.stop());

beforeEach(() => {
  Object.assign(shelf, newShelf('cup', 'plate', 'vase'));
  world.rules.splice(0, world.rules.length, rule);
});

function approve(runId: string, by = jun) {
  return world.runs.decide({ runId, gate: 1, verdict: 'approve', by });
}

describe('stop and approve at the same moment', () => {
  it('are both answered, and the run stops', async () => {
    world.rules.splice(0, 1, { ...rule, quorum: 2 });
    const runIds = await Promise.all(Array.from({ length: 12 }, () => world.ask()));
    for (const runId of runIds) await world.until(runId, 'awaiting_approval');

    const answers = await Promise.allSettled(
      runIds.flatMap((runId) => [
        approve(runId),
        world.runs.stop(runId, mina),
        approve(runId, sora),
      ]),
    );

    expect(answers.filter(({ status }) => status === 'rejected')).toEqual([]);
    for (const runId of runIds) await world.until(runId, 'cancelled');
    expect(shelf.removals).toEqual([]);
  });
});

describe('a stop', () => {
  it('is told to whoever approves after it', async () => {
    const runId = await world.ask();
    await world.until(runId, 'awaiting_approval');
    // A gate that opens just after the stop, as when the plan was under way.
    await world.database.query(
      sql`update run set stop_requested = ${JSON.stringify(mina)} where id = ${runId}`,
    );

    expect(await approve(runId)).toEqual({
      status: 'too_late',
      why: 'Nothing to decide any more: Mina Park has stopped this run.',
    });
  });

  it('of a run that was recorded but not started yet is taken, and ends it', async () => {
    const runId = await world.ask({ inputs: { shelf: 'forgotten' } });
    await world.until(runId, 'awaiting_approval');
    await world.runs.stop(runId, mina);
    await world.until(runId, 'cancelled');
    const forgotten = `${runId}-x`;
    await world.database.query(sql`
      insert into run (id, runbook, cluster, target, inputs, requester, cause, status, trace_id)
      select ${forgotten}, runbook, cluster, target, inputs, requester, cause, 'planning', trace_id from run where id = ${runId}`);

    await world.runs.stop(forgotten, mina);

    await world.until(forgotten, 'cancelled');
  });

  it('that is asked for twice is taken once, and after the end says so', async () => {
    const runId = await world.ask();
    await world.until(runId, 'awaiting_approval');

    const texts = await Promise.all([world.runs.stop(runId, mina), world.runs.stop(runId, sora)]);
    const run = await world.until(runId, 'cancelled');

    expect(
      texts.map(({ text }) => /is (already )?stopping/.exec(inEnglish(text))?.[1] ?? 'first'),
    ).toEqual(expect.arrayContaining(['first', 'already ']));
    expect(run.timeline.filter(({ key }) => key === 'stop')).toHaveLength(1);
    expect(await world.runs.stop(runId, mina)).toEqual({
      text: `Run ${runId} has already ended: Cancelled.`,
    });
  });
});
