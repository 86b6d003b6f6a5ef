import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
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

/** On the gate that was opened last. */
async function approve(runId: string, by = jun) {
  const gate = (await world.runs.get(runId)).approvals.at(-1)?.gate ?? 0;
  return world.runs.decide({ runId, gate, verdict: 'approve', by });
}

describe('a run', () => {
  it('waits for approval, then does what was planned, and says so', async () => {
    const runId = await world.ask();
    const waiting = await world.until(runId, 'awaiting_approval');
    expect(waiting.plan?.headline).toMatch(
      /^Tidy a shelf, shelf .* in kr: mark .*; remove 3 things$/,
    );
    expect(shelf.removals).toEqual([]);

    expect(await approve(runId)).toEqual({ status: 'decided', verdict: 'approve' });
    const run = await world.until(runId, 'succeeded');

    expect(shelf.removals).toEqual(['cup', 'plate', 'vase']);
    expect(run.steps.map(({ id, status }) => `${id} ${status}`)).toEqual([
      'mark done',
      'clear done',
    ]);
    expect(run.outcome?.summary).toContain('; removed 3 things.');
    expect(run.timeline.map(({ text }) => text)).toContain('Approved by Jun Seo');
  });

  it('of a dry run only plans, and leaves the target free', async () => {
    const inputs = { shelf: 'dry' };
    const runId = await world.ask({ inputs, dryRun: true });
    const run = await world.until(runId, 'planned');

    expect(run.plan?.steps).toHaveLength(2);
    expect(shelf.things.size).toBe(3);
    await world.until(await world.ask({ inputs }), 'awaiting_approval');
  });

  it('has its target to itself, and frees it at its end', async () => {
    const inputs = { shelf: 'contested' };
    const first = await world.ask({ inputs });
    await world.until(first, 'awaiting_approval');

    await expect(world.ask({ inputs })).rejects.toMatchObject({
      code: 'target_busy',
      data: { holder: first },
    });

    await world.runs.stop(first, mina);
    await world.until(first, 'cancelled');
    await world.until(await world.ask({ inputs }), 'awaiting_approval');
  });

  it('with nothing left to do says so and asks nobody', async () => {
    Object.assign(shelf, newShelf());
    shelf.mark = 'somebody';

    const run = await world.until(await world.ask(), 'nothing_to_do');

    expect(run.approvals).toEqual([]);
  });

  it('that was rejected changes nothing and gives the reason', async () => {
    const runId = await world.ask();
    await world.until(runId, 'awaiting_approval');

    await world.runs.decide({ runId, gate: 1, verdict: 'reject', by: jun, reason: 'not tonight' });
    const run = await world.until(runId, 'rejected');

    expect(run.outcome?.summary).toContain(
      'rejected by Jun Seo (not tonight). Nothing was changed.',
    );
    expect(shelf.mark).toBeUndefined();
  });

  it('expires when nobody decides', async () => {
    world.rules.splice(0, 1, { ...rule, expiresAfterMs: 50 });
    const runId = await world.ask();
    const run = await world.until(runId, 'expired');

    expect(run.approvals.map(({ status }) => status)).toEqual(['expired']);
    expect(await approve(runId)).toMatchObject({ status: 'too_late' });
    expect(shelf.things.size).toBe(3);
  });

  it('asks again, with the difference alone, when there is more to do than was approved', async () => {
    const runId = await world.ask();
    await world.until(runId, 'awaiting_approval');
    shelf.things.add('jug');
    shelf.things.delete('cup');
    await approve(runId);

    await expect.poll(async () => (await world.runs.get(runId)).approvals.length).toBe(2);
    const again = await world.until(runId, 'awaiting_approval');
    expect(again.approvals[1]?.difference?.added.map(({ object }) => object.name)).toEqual(['jug']);
    expect(again.approvals[1]?.difference?.removed.map(({ object }) => object.name)).toEqual([
      'cup',
    ]);
    expect(shelf.removals).toEqual([]);

    await approve(runId);
    await world.until(runId, 'succeeded');
    expect(shelf.removals).toEqual(['jug', 'plate', 'vase']);
  });

  it('goes on without asking again when there is only less to do', async () => {
    const runId = await world.ask();
    await world.until(runId, 'awaiting_approval');
    shelf.things.delete('cup');
    await approve(runId);

    const run = await world.until(runId, 'succeeded');

    expect(run.timeline.map(({ text }) => text)).toContainEqual(
      expect.stringMatching(/the approval stands\. No longer needed: remove Thing shelf-\w+\/cup$/),
    );
  });

  it('asks again before a destructive step when the plan has grown since it began, and takes back what is its own when that is rejected', async () => {
    const runId = await world.ask();
    await world.until(runId, 'awaiting_approval');
    const marked = Promise.withResolvers<void>();
    Object.defineProperty(shelf, 'mark', {
      configurable: true,
      get: () => undefined,
      set: () => {
        shelf.things.add('jug');
        Object.defineProperty(shelf, 'mark', { configurable: true, writable: true, value: runId });
        marked.resolve();
      },
    });
    await approve(runId);
    await marked.promise;

    await expect.poll(async () => (await world.runs.get(runId)).approvals.length).toBe(2);
    await world.runs.decide({ runId, gate: 2, verdict: 'reject', by: sora });
    const run = await world.until(runId, 'rejected');

    expect(shelf.removals).toEqual([]);
    expect(shelf.mark).toBeUndefined();
    expect(run.outcome?.undone).toEqual(['Unmarked.']);
  });

  it('stops between two changes when asked to, and takes back what is its own', async () => {
    const runId = await world.ask();
    await world.until(runId, 'awaiting_approval');
    shelf.beforeRemoval = async (thing) => {
      if (thing === 'plate') await world.runs.stop(runId, mina);
    };
    await approve(runId);

    const run = await world.until(runId, 'cancelled');

    expect(shelf.removals).toEqual(['cup', 'plate']);
    expect(run.outcome).toMatchObject({
      undone: ['Unmarked.'],
      summary: expect.stringContaining('stopped by Mina Park'),
    });
  });

  it('that fails says why, and takes back what is its own', async () => {
    const runId = await world.ask();
    await world.until(runId, 'awaiting_approval');
    shelf.beforeRemoval = (thing) => {
      if (thing === 'plate') throw new Error('the plate is glued on');
    };
    await approve(runId);

    const run = await world.until(runId, 'failed');

    expect(run.outcome?.summary).toContain('the plate is glued on');
    expect(run.outcome?.next).toContain('/runbook tidy');
    expect(shelf.mark).toBeUndefined();
  });

  it('with a plan that is blocked asks for no approval until the exception is accepted by name', async () => {
    shelf.fragile = true;
    const runId = await world.ask();
    const blocked = await world.until(runId, 'blocked');
    expect(blocked.approvals).toEqual([]);

    expect(await world.runs.acceptExceptions(runId, ['no-such'], mina)).toMatchObject({
      status: 'refused',
    });
    expect(await world.runs.acceptExceptions(runId, ['fragile'], mina)).toMatchObject({
      status: 'decided',
    });
    await world.until(runId, 'awaiting_approval');
    await approve(runId);

    await world.until(runId, 'succeeded');
    expect(await world.runs.acceptExceptions(runId, ['fragile'], mina)).toMatchObject({
      status: 'too_late',
    });
  });

  it('fails before asking when nobody could approve it', async () => {
    world.rules.splice(0);

    const run = await world.until(await world.ask(), 'failed');

    expect(run.failure?.code).toBe('approval_rule_missing');
    expect(shelf.things.size).toBe(3);
  });
});
