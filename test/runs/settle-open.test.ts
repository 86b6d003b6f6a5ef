import sql from 'sql-template-tag';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createPhases } from '../../src/runs/create-phases.ts';
import { jun, mina, type RunWorld, rule, startRunWorld } from './run-world.ts';
import { newShelf, type Shelf } from './shelf-actions.ts';

// A process that dies in the middle of a call, and a run that somebody stops before another has carried on with the step.

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

/** A run whose process never comes back from the call that removes the plate. */
async function brokenOff(): Promise<string> {
  const runId = await world.ask();
  await world.until(runId, 'awaiting_approval');
  const reached = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<void>();
  shelf.goOn = () => answer.resolve();
  shelf.duringRemoval = (thing) => {
    if (thing !== 'plate') return;
    reached.resolve();
    return answer.promise;
  };
  await world.runs.decide({ runId, gate: 1, verdict: 'approve', by: jun });
  await reached.promise;
  return runId;
}

/** What the process does that takes the run over. */
async function stopAndEnd(runId: string): Promise<void> {
  const phases = createPhases(world.environment);
  await world.runs.stop(runId, mina);
  const verdict = await phases.carryOut(runId, 'clear');
  if (verdict.status !== 'failed') throw new Error(`the step went on: ${verdict.status}`);
  await phases.undo(runId, 'mark');
  await phases.end(runId, verdict.end);
}

async function outcomesOf(runId: string, thing: string): Promise<unknown[]> {
  const rows = await world.database.query<{ outcome: unknown }>(sql`
    select body::jsonb->>'outcome' as outcome from audit_entry
    where body::jsonb->>'run' = ${runId} and body::jsonb->'resource'->>'name' = ${thing}
      and body::jsonb->>'phase' = 'outcome' order by seq`);
  return rows.map(({ outcome }) => outcome);
}

describe('a change in whose middle its process died, in a run that was then stopped', () => {
  it('is looked for at the end, and told as done where it has happened', async () => {
    const runId = await brokenOff();

    await stopAndEnd(runId);

    expect(await outcomesOf(runId, 'plate')).toEqual(['done (found after an interruption)']);
    expect(await outcomesOf(runId, 'vase')).toEqual([]);
    shelf.goOn();
  });

  it('is told as not done where it has not', async () => {
    const runId = await brokenOff();
    shelf.things.add('plate');

    await stopAndEnd(runId);

    expect(await outcomesOf(runId, 'plate')).toEqual([
      'not done: it was interrupted before it had an effect',
    ]);
    shelf.goOn();
  });

  it('is told as not known where nobody can look', async () => {
    const runId = await brokenOff();
    const phases = createPhases({ ...world.environment, clusters: new Map() });
    await world.runs.stop(runId, mina);

    await phases.end(runId, 'cancelled');

    expect(await outcomesOf(runId, 'plate')).toEqual([
      'not known: the run ended and nobody could look whether it had happened',
    ]);
    shelf.goOn();
  });
});
