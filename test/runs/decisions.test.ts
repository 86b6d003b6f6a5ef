import sql from 'sql-template-tag';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { verifyAudit } from '../../src/audit/verify-audit.ts';
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

describe('a gate', () => {
  it('needs as many approvers as the quorum says, each once', async () => {
    world.rules.splice(0, 1, { ...rule, quorum: 2 });
    const runId = await world.ask();
    await world.until(runId, 'awaiting_approval');

    expect(await approve(runId)).toEqual({ status: 'counted', have: 1, need: 2 });
    expect(await approve(runId)).toEqual({ status: 'counted', have: 1, need: 2 });
    expect(await approve(runId, sora)).toEqual({ status: 'decided', verdict: 'approve' });
    await world.until(runId, 'succeeded');
  });

  it('keeps the vote of one who left the group since, as judged at their click', async () => {
    world.rules.splice(0, 1, { ...rule, quorum: 2 });
    const runId = await world.ask();
    await world.until(runId, 'awaiting_approval');
    await approve(runId);

    expect(await approve(runId, { ...jun, groups: [] })).toMatchObject({ status: 'refused' });
    expect(await approve(runId, sora)).toMatchObject({ status: 'decided' });
    await world.until(runId, 'succeeded');
  });

  it('is closed by one who rejects, though another has approved', async () => {
    world.rules.splice(0, 1, { ...rule, quorum: 2 });
    const runId = await world.ask();
    await world.until(runId, 'awaiting_approval');
    await approve(runId);

    await world.runs.decide({ runId, gate: 1, verdict: 'reject', by: sora });

    await world.until(runId, 'rejected');
    expect(shelf.removals).toEqual([]);
  });

  it('counts the one who asked only where the rule allows it, and only if they are among the approvers', async () => {
    const asker = { ...mina, groups: ['S0SRE'] };
    const runId = await world.ask();
    await world.until(runId, 'awaiting_approval');
    expect(await approve(runId, asker)).toMatchObject({ status: 'refused' });
    await world.runs.stop(runId, mina);
    await world.until(runId, 'cancelled');

    world.rules.splice(0, 1, { ...rule, selfApproval: true });
    const own = await world.ask();
    await world.until(own, 'awaiting_approval');
    expect(await approve(own, { ...asker, groups: [] })).toMatchObject({ status: 'refused' });
    expect(await approve(own, asker)).toMatchObject({ status: 'decided' });
    await world.until(own, 'succeeded');
  });

  it('that is behind the run decides nothing any more', async () => {
    const runId = await world.ask();
    await world.until(runId, 'awaiting_approval');
    shelf.things.add('jug');
    await approve(runId);
    await vi.waitFor(
      async () => {
        const { approvals } = await world.runs.get(runId);
        if (approvals.length < 2) throw new Error('it has not asked again yet');
      },
      { timeout: 15_000 },
    );

    const late = { runId, gate: 1, verdict: 'approve', by: sora } as const;
    expect(await world.runs.decide(late)).toMatchObject({
      status: 'too_late',
      why: 'Nothing to decide any more: it was already approved by Jun Seo.',
    });
    expect(await world.runs.decide({ ...late, gate: 7 })).toMatchObject({ status: 'too_late' });
    expect(shelf.removals).toEqual([]);
    await world.runs.stop(runId, mina);
    await world.until(runId, 'cancelled');
  });

  it('takes any reason as it is', async () => {
    const reason = `${'🔥'.repeat(1500)}<!channel> \u2028 '; drop table run; -- <script>`;
    const runId = await world.ask();
    await world.until(runId, 'awaiting_approval');

    await world.runs.decide({ runId, gate: 1, verdict: 'reject', by: jun, reason });

    expect((await world.until(runId, 'rejected')).approvals[0]?.reason).toBe(reason);
    expect((await verifyAudit(world.database)).faults).toEqual([]);
  });

  it('takes a reason with characters that Postgres cannot hold', async () => {
    const runId = await world.ask();
    await world.until(runId, 'awaiting_approval');

    await world.runs.decide({
      runId,
      gate: 1,
      verdict: 'reject',
      by: jun,
      reason: 'not \u0000 now \ud83d',
    });

    expect((await world.until(runId, 'rejected')).outcome?.summary).toContain('not');
  });
});

describe('twenty who approve and reject at once', () => {
  it('come to one decision, and the run does what that one says', async () => {
    const runId = await world.ask();
    await world.until(runId, 'awaiting_approval');
    const people = Array.from({ length: 20 }, (_, index) => ({
      ...jun,
      id: `U${index}`,
      name: `Person ${index}`,
    }));

    const results = await Promise.all(
      people.map((by, index) =>
        world.runs.decide({ runId, gate: 1, verdict: index % 2 === 0 ? 'approve' : 'reject', by }),
      ),
    );

    const winners = results.filter(({ status }) => status === 'decided');
    expect(winners).toHaveLength(1);
    const approved = winners.some((result) => 'verdict' in result && result.verdict === 'approve');
    const run = await world.until(runId, approved ? 'succeeded' : 'rejected');
    expect(run.approvals.map(({ status }) => status)).toEqual([approved ? 'approved' : 'rejected']);
    expect(shelf.removals).toHaveLength(approved ? 3 : 0);
  });
});

describe('the audit log of all these', () => {
  it('has an intent before each change and an outcome after it, and holds', async () => {
    const runId = await world.ask();
    await world.until(runId, 'awaiting_approval');
    await approve(runId);
    await world.until(runId, 'succeeded');

    const rows = await world.database.query<{ line: string }>(sql`
      select body::jsonb->>'phase' || ' ' || (body::jsonb->>'verb') || ' ' || (body::jsonb->'resource'->>'name') as line
      from audit_entry where body::jsonb->>'run' = ${runId} and body::jsonb->>'verb' = 'remove' order by seq`);
    expect(rows.map(({ line }) => line)).toEqual(
      ['cup', 'plate', 'vase'].flatMap((thing) => [
        `intent remove ${thing}`,
        `outcome remove ${thing}`,
      ]),
    );
    expect((await verifyAudit(world.database)).faults).toEqual([]);
  });
});
