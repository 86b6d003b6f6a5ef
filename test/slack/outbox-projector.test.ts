import sql from 'sql-template-tag';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CHANNEL } from './sample-runs.ts';
import { type SlackWorld, shown, startSlackWorld } from './slack-world.ts';

let at: SlackWorld;
beforeEach(async () => {
  at = await startSlackWorld();
});
afterEach(() => at.stop());

function peopleWrittenTo(): string[] {
  return at.slack.calls
    .filter((call) => call.method === 'conversations.open')
    .map((call) => String(call.args['users']));
}

function projection(runId: string) {
  return at.world.database.query<{ version: number; complete: boolean }>(
    sql`select version, complete from run_projection where run_id = ${runId}`,
  );
}

describe('what is shown of a run', () => {
  it('shows the card while Slack cannot say who the approvers are, and writes to them later', async () => {
    at.slack.faults = [
      (method) => (method === 'usergroups.users.list' ? { status: 503 } : undefined),
    ];
    await at.askAs('U0MINA', 'tidy hidden');
    const [run] = await at.world.runs.list({ limit: 1 });
    await vi.waitFor(async () =>
      expect((await projection(run?.id ?? ''))[0]?.complete).toBe(false),
    );
    expect(peopleWrittenTo()).toEqual([]);
    at.slack.faults = [];

    await vi.waitFor(
      () => expect(peopleWrittenTo().toSorted()).toEqual(['U0AIKO', 'U0JUN', 'U0SORA']),
      5000,
    );
  });

  it('catches up with changes that it was never told of', async () => {
    await at.askAs('U0MINA', 'tidy unheard');
    const [run] = await at.world.runs.list({ limit: 1 });
    await at.world.database.query(sql`
      update run set status = 'blocked', version = version + 1 where id = ${run?.id}`);

    await at.find('tidy unheard in kr: ⛔');
  });

  it('never goes back to an older state, whatever the order in which states are written down', async () => {
    await at.askAs('U0MINA', 'tidy forward');
    const [run] = await at.world.runs.list({ limit: 1 });
    const id = run?.id ?? '';
    await vi.waitFor(async () =>
      expect((await projection(id))[0]?.version).toBe((await at.world.runs.get(id)).version),
    );
    await at.world.database.query(
      sql`update run_projection set version = version + 100 where run_id = ${id}`,
    );
    await at.world.database.query(sql`update run set status = 'blocked' where id = ${id}`);
    await at.world.database.query(sql`select pg_notify('handrail_run_changed', ${id})`);
    await at.askAs('U0MINA', 'tidy after-that');

    const root = at.slack.messages(CHANNEL).find((each) => each.text.includes('tidy forward'));
    expect(root && shown(root)).toContain('Waiting for approval');
  });
});
