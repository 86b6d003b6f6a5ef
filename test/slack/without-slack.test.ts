import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { undeliveredLines } from '../../src/cli/run-text.ts';
import type { Run } from '../../src/runs/run.ts';
import { findUndelivered } from '../../src/slack/slack.ts';
import { jun } from '../runs/run-world.ts';
import { newShelf } from '../runs/shelf-actions.ts';
import { CHANNEL } from './sample-runs.ts';
import { type SlackWorld, shown, startSlackWorld } from './slack-world.ts';

let at: SlackWorld;
let logged: string[] = [];
let turn = 0;
beforeAll(async () => {
  const log = pino({ level: 'warn' }, { write: (line: string) => void logged.push(line) });
  at = await startSlackWorld({ log });
});
afterAll(() => at.stop());
beforeEach(() => {
  Object.assign(at.shelf, newShelf('cup', 'plate'));
  at.slack.faults = [];
  logged = [];
  turn += 1;
});

/** Asked for and approved without Slack. */
async function startApproved(): Promise<string> {
  const runId = await at.world.ask({ inputs: { shelf: `attic-${turn}` } });
  await at.world.until(runId, 'awaiting_approval');
  await at.world.runs.decide({ runId, gate: 1, verdict: 'approve', by: jun });
  return runId;
}

function undelivered(runId: string): Promise<string> {
  return vi.waitFor(
    async () => {
      const lines = undeliveredLines(await findUndelivered(at.world.database, runId)).join('\n');
      if (lines === '') throw new Error('nothing is undelivered yet');
      return lines;
    },
    { timeout: 8000 },
  );
}

const gone = [
  {
    what: 'the app is put out of the channel',
    leave: () => at.slack.admin.kickApp(CHANNEL),
    mend: () => at.slack.admin.inviteApp(CHANNEL),
    advice: '(not_in_channel): invite Handrail to the channel',
  },
  {
    what: 'the channel is archived',
    leave: () => at.slack.admin.archive(CHANNEL),
    mend: () => at.slack.admin.unarchive(CHANNEL),
    advice: '(is_archived): unarchive the channel',
  },
  {
    what: 'the token is revoked',
    leave: () => at.slack.admin.refuseTokens('token_revoked'),
    mend: () => at.slack.admin.takeTokens(),
    advice: '(token_revoked): install the app again',
  },
  {
    what: 'a scope is taken away',
    leave: () => at.slack.admin.takeScope('chat:write'),
    mend: () => at.slack.admin.giveScope('chat:write'),
    advice: '(missing_scope): the app lacks a scope (chat:write)',
  },
];

describe('a run during which', () => {
  it.each(gone)(
    '$what goes on to its end, says so, and is shown once that is mended',
    async (case_) => {
      const { leave, mend, advice } = case_;
      leave();

      const runId = await startApproved();
      const run: Run = await at.world.until(runId, 'succeeded');
      const lines = await undelivered(runId);

      expect(run.outcome?.summary).toBeDefined();
      expect(at.shelf.removals.toSorted()).toEqual(['cup', 'plate']);
      expect(lines).toContain(advice);
      expect(logged.join('')).toContain('message not delivered');
      mend();
      await vi.waitFor(
        async () => expect(await findUndelivered(at.world.database, runId)).toEqual([]),
        { timeout: 8000 },
      );
      const shownAll = at.slack.messages(CHANNEL).map(shown);
      expect(shownAll.filter((text) => text.includes(`attic-${turn}`))).not.toEqual([]);
    },
  );
});

describe('what a person waits for', () => {
  it('is told in a direct message when its address is too old', async () => {
    at.slack.faults = [
      (method) => {
        if (method === 'callback:command') setImmediate(() => at.slack.admin.expireResponseUrls());
        return method === 'users.info' ? { delayMs: 100 } : undefined;
      },
    ];

    await at.slack.slash('U0MINA', CHANNEL, `tidy attic-${turn}`);

    const direct = await at.find(`tidy attic-${turn}`, 'D0MINA');
    expect(direct.text).toContain(`tidy attic-${turn}`);
  });

  it('is told in words when its trigger is too old', async () => {
    at.slack.faults = [
      (method) => {
        if (method === 'views.open') at.slack.admin.expireTriggers();
        return undefined;
      },
    ];

    await at.slack.slash('U0MINA', CHANNEL, '');

    expect(await at.told('U0MINA', 'once more')).toContain('Slack did not show that just now');
    expect(at.slack.openViews('U0MINA')).toEqual([]);
  });

  it('is told after the time that Slack asks to wait', async () => {
    let limited = 0;
    at.slack.faults = [
      (method) =>
        method === 'chat.postEphemeral' && limited++ === 0 ? { retryAfter: 1 } : undefined,
    ];

    await at.slack.mention('U0AIKO', CHANNEL, 'list');

    expect(await at.told('U0AIKO', 'Runbooks')).toContain('Runbooks');
  });
});

describe('a missing scope', () => {
  it('is named in the log where a person’s groups cannot be read', async () => {
    const card = await at.askAs('U0MINA', 'tidy cellar');
    at.slack.admin.takeScope('usergroups:read');

    await at.slack.click('U0JUN', card, 'approval_approve');
    await at.told('U0JUN', 'S0SRE');

    expect(logged.join('')).toContain('lacks a scope (usergroups:read)');
    expect(at.shelf.removals).toEqual([]);
    at.slack.admin.giveScope('usergroups:read');
  });
});
