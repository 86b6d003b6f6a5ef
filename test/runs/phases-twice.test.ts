import sql from 'sql-template-tag';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Run } from '../../src/runs/run.ts';
import { jun, mina, type RunWorld, rule, startRunWorld } from './run-world.ts';
import { newShelf, type Shelf } from './shelf-actions.ts';

// A process may die after a phase has committed and before the engine has kept its result: the phase is then done again.

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

async function approve(runId: string): Promise<void> {
  const gate = (await world.runs.get(runId)).approvals.at(-1)?.gate ?? 0;
  await world.runs.decide({ runId, gate, verdict: 'approve', by: jun });
}

async function gateOpened(runId: string, count: number): Promise<void> {
  await vi.waitFor(
    async () => {
      const { approvals } = await world.runs.get(runId);
      if (approvals.length !== count) throw new Error(`run ${runId} has no gate ${count} yet`);
    },
    { timeout: 15_000, interval: 25 },
  );
}

/** A run that waits at its second gate, for the jug that came after the first was approved. */
async function askedAgainFor(thing: string, when: 'click' | 'step'): Promise<string> {
  const runId = await world.ask();
  await world.until(runId, 'awaiting_approval');
  if (when === 'click') shelf.things.add(thing);
  else shelf.afterMark = () => shelf.things.add(thing);
  await approve(runId);
  await gateOpened(runId, 2);
  return runId;
}

function gates(run: Run): string[] {
  return run.approvals.map(({ gate, status }) => `${gate} ${status}`);
}

describe('a check that is done again after it has asked', () => {
  it('still waits for the answer, and lets nothing pass that nobody approved', async () => {
    const runId = await askedAgainFor('jug', 'step');

    const again = await world.phases.check(runId, { stepId: 'clear', gate: 2 });

    expect(again).toEqual({ next: 'ask' });
    const run = await world.runs.get(runId);
    expect(run.status).toBe('awaiting_approval');
    expect(gates(run)).toEqual(['1 approved', '2 pending']);
    await world.runs.decide({ runId, gate: 2, verdict: 'reject', by: jun });
    await world.until(runId, 'rejected');
    expect(shelf.removals).toEqual([]);
  });

  it('does not put a newer plan behind a card that shows the older one', async () => {
    const runId = await askedAgainFor('jug', 'step');
    const asked = await world.runs.get(runId);
    shelf.things.add('kettle');

    await world.phases.check(runId, { stepId: 'clear', gate: 2 });

    const run = await world.runs.get(runId);
    expect(run.plan?.digest).toBe(asked.approvals[1]?.digest);
    await approve(runId);
    await gateOpened(runId, 3);
    const third = (await world.until(runId, 'awaiting_approval')).approvals[2];
    expect(third?.difference?.added.map(({ object }) => object.name)).toEqual(['kettle']);
    await world.runs.stop(runId, mina);
    await world.until(runId, 'cancelled');
  });
});

describe('a plan that is made again after it has asked', () => {
  it('changes neither the gate nor the plan behind it', async () => {
    const runId = await askedAgainFor('jug', 'click');
    const asked = await world.runs.get(runId);
    shelf.things.add('kettle');

    expect(await world.phases.plan(runId, 2)).toEqual({ next: 'ask' });

    const run = await world.runs.get(runId);
    expect(run.plan?.digest).toBe(asked.approvals[1]?.digest);
    expect(run.approvals).toEqual(asked.approvals);
    await world.runs.stop(runId, mina);
    await world.until(runId, 'cancelled');
  });
});

describe('a plan that was blocked after its approval', () => {
  it('is asked for anew once its exception is accepted: the old approval was of another plan', async () => {
    const runId = await world.ask();
    await world.until(runId, 'awaiting_approval');
    shelf.things.add('jug');
    shelf.fragile = true;
    await approve(runId);
    await world.until(runId, 'blocked');

    await world.runs.acceptExceptions(runId, ['fragile'], mina);
    const run = await world.until(runId, 'awaiting_approval');

    expect(gates(run)).toEqual(['1 approved', '3 pending']);
    expect(shelf.removals).toEqual([]);
    await approve(runId);
    await world.until(runId, 'succeeded');
  });
});

describe('a step whose plan is not the one that was approved', () => {
  it('changes nothing, whatever brought it there', async () => {
    const runId = await askedAgainFor('jug', 'step');

    const verdict = await world.phases.carryOut(runId, 'clear');

    expect(verdict).toEqual({ status: 'failed', end: 'failed' });
    expect(shelf.removals).toEqual([]);
    expect((await world.runs.get(runId)).failure?.code).toBe('effect_not_approved');
    const rows = await world.database.query(
      sql`select 1 from journal where run_id = ${runId} and effect->>'verb' = 'remove'`,
    );
    expect(rows).toEqual([]);
    await world.runs.stop(runId, mina);
    await world.until(runId, 'cancelled');
  });
});

describe('a step that ended before the crash', () => {
  it('is as its row says, also when its time is over by then', async () => {
    const runId = await world.ask();
    await world.until(runId, 'awaiting_approval');
    await approve(runId);
    await world.until(runId, 'succeeded');
    await world.database.query(sql`
      update run_step set started_at = now() - interval '1 day' where run_id = ${runId} and step_id = 'clear'`);

    expect(await world.phases.carryOut(runId, 'clear')).toEqual({ status: 'done' });

    const run = await world.runs.get(runId);
    expect(run.failure).toBeUndefined();
    expect(shelf.removals).toEqual(['cup', 'plate', 'vase']);
  });

  it('was stopped, and is so again', async () => {
    const runId = await world.ask();
    await world.until(runId, 'awaiting_approval');
    shelf.beforeRemoval = (thing) => (thing === 'plate' ? stopFromOutside(runId) : undefined);
    await approve(runId);
    await world.until(runId, 'cancelled');

    expect(await world.phases.carryOut(runId, 'clear')).toEqual({
      status: 'failed',
      end: 'cancelled',
    });
  });
});

async function stopFromOutside(runId: string): Promise<void> {
  await world.runs.stop(runId, mina);
}

describe('a step that was taken back before the crash', () => {
  it('is still told as taken back', async () => {
    const runId = await askedAgainFor('jug', 'step');
    await world.phases.undo(runId, 'mark');

    await world.phases.undo(runId, 'mark');

    const [mark] = (await world.runs.get(runId)).steps;
    expect(mark).toMatchObject({ status: 'undone', undo: { summary: 'Unmarked.', changed: true } });
    await world.runs.stop(runId, mina);
    const run = await world.until(runId, 'cancelled');
    expect(run.outcome?.undone).toEqual(['Unmarked.']);
  });
});
