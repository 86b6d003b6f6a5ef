import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { jun, type RunWorld, rule, startRunWorld } from './run-world.ts';
import { newShelf, type Shelf } from './shelf-actions.ts';

// A process may be paused in the middle of a step while a peer takes its run over, and wake up when that has ended.

const shelf: Shelf = newShelf();
let world: RunWorld;

beforeAll(async () => {
  world = await startRunWorld(shelf);
});
afterAll(() => world.stop());

beforeEach(() => {
  Object.assign(shelf, newShelf('cup', 'plate'));
  world.rules.splice(0, world.rules.length, rule);
});

/** A run whose step `clear` waits before its last removal, until it is let go. */
async function pausedRun() {
  const runId = await world.ask();
  await world.until(runId, 'awaiting_approval');
  const reached = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<void>();
  shelf.beforeRemoval = async (thing) => {
    if (thing !== 'plate') return;
    shelf.beforeRemoval = () => {};
    reached.resolve();
    await goOn.promise;
  };
  await world.runs.decide({ runId, gate: 1, verdict: 'approve', by: jun });
  await reached.promise;
  return { runId, goOn: goOn.resolve };
}

describe('a process that wakes up after a peer has ended its run', () => {
  it('leaves everything as it is', async () => {
    const { runId, goOn } = await pausedRun();
    await world.phases.carryOut(runId, 'clear');
    await world.phases.end(runId, 'succeeded');
    const ended = await world.runs.get(runId);

    await world.phases.plan(runId, 2);
    await world.phases.check(runId, { stepId: 'clear', gate: 2 });
    await world.phases.giveUp(runId, { code: 'late', message: 'too late' });
    await world.phases.undo(runId, 'mark');
    await world.phases.end(runId, 'failed');

    const run = await world.runs.get(runId);
    expect(run).toMatchObject({
      status: 'succeeded',
      plan: ended.plan,
      approvals: ended.approvals,
    });
    expect(run.failure).toBeUndefined();
    expect(run.outcome).toEqual(ended.outcome);
    goOn();
  });
});
