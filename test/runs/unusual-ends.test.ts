import sql from 'sql-template-tag';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { RunbookCatalogue } from '../../src/runbooks/runbook.ts';
import { createPhases } from '../../src/runs/create-phases.ts';
import { createRuns } from '../../src/runs/run-service.ts';
import { jun, mina, type RunWorld, rule, startRunWorld } from './run-world.ts';
import { newShelf, type Shelf } from './shelf-actions.ts';

// What may have happened to the settings and the runbooks between two starts of Handrail.

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

/** A run in the middle of its last step, as it stands when its process is killed. */
async function midway(): Promise<string> {
  const runId = await world.ask();
  await world.until(runId, 'awaiting_approval');
  const reached = Promise.withResolvers<void>();
  shelf.beforeRemoval = (thing) => {
    if (thing !== 'plate') return;
    reached.resolve();
    return goOn.promise;
  };
  const goOn = Promise.withResolvers<void>();
  shelf.goOn = () => goOn.resolve();
  await world.runs.decide({ runId, gate: 1, verdict: 'approve', by: jun });
  await reached.promise;
  return runId;
}

async function letTheOtherProcessEnd(): Promise<void> {
  shelf.goOn();
  await vi.waitFor(() => {
    if (!shelf.removals.includes('vase')) throw new Error('it is still at work');
  });
}

async function locks(runId: string): Promise<unknown[]> {
  return world.database.query(sql`select 1 from target_lock where run_id = ${runId}`);
}

describe('a run whose runbook is not there any more', () => {
  const gone = () => ({ ...world.environment, catalogue: new RunbookCatalogue([]) });

  it('can still be looked at', async () => {
    const runId = await world.ask();
    await world.until(runId, 'awaiting_approval');

    const run = await createRuns(gone()).get(runId);

    expect(run.runbookTitle).toBe('tidy');
    await world.runs.stop(runId, mina);
    await world.until(runId, 'cancelled');
  });

  it('fails with the reason, says what it could not take back, and frees its target', async () => {
    const runId = await midway();
    const phases = createPhases(gone());

    expect(await phases.check(runId, { stepId: 'clear', gate: 2 })).toMatchObject({
      end: 'failed',
    });
    expect(await phases.carryOut(runId, 'clear')).toMatchObject({ end: 'failed' });
    expect(await phases.undo(runId, 'mark')).toMatchObject({ status: 'failed' });
    await phases.end(runId, 'failed');

    const run = await world.until(runId, 'failed');
    expect(run.failure?.message).toContain('tidy');
    expect(run.outcome?.left).toEqual([expect.stringContaining('mark could not be taken back')]);
    expect(await locks(runId)).toEqual([]);
    await letTheOtherProcessEnd();
  });
});

describe('a run whose cluster is not in the settings any more', () => {
  it('fails with the reason and frees its target', async () => {
    const runId = await midway();
    const phases = createPhases({ ...world.environment, clusters: new Map() });
    // the Lease was taken while the cluster was there
    await world.database.query(sql`
      update journal set status = 'done' where run_id = ${runId} and effect->>'verb' = 'lease'`);

    expect(await phases.carryOut(runId, 'clear')).toMatchObject({ end: 'failed' });
    expect(await phases.undo(runId, 'mark')).toMatchObject({ status: 'failed' });
    await phases.end(runId, 'failed');

    const run = await world.runs.get(runId);
    expect(run.failure?.code).toBe('cluster_unknown');
    expect(await locks(runId)).toEqual([]);
    await letTheOtherProcessEnd();
  });
});
