import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { CHANNEL } from '../sample-runs.ts';
import { type SlackWorld, startSlackWorld } from '../slack-world.ts';

let at: SlackWorld;
beforeAll(async () => {
  at = await startSlackWorld();
});
afterAll(() => at.stop());

/** What the person is told for the command, in private. */
async function answer(user: string, text: string, channel = CHANNEL): Promise<string> {
  const before = at.slack.ephemerals(user).length;
  await at.slack.slash(user, channel, text);
  await vi.waitUntil(() => at.slack.ephemerals(user).length > before, 5000);
  const told = at.slack.ephemerals(user).slice(before);
  return told.map((each) => `${each.text} ${JSON.stringify(each.blocks)}`).join('\n');
}

describe('mistakes, in private', () => {
  it.each([
    { what: 'a misspelt runbook', text: 'tydi shelf-1', words: 'Did you mean `tidy`?' },
    { what: 'a far-off word', text: 'xylophone', words: 'There is no runbook or command' },
    { what: 'an unknown input', text: 'tidy shelf-1 shelv=2', words: 'Did you mean `shelf`' },
    { what: 'a missing target', text: 'tidy', words: '`shelf` is missing' },
    { what: 'an unknown cluster', text: 'tidy a --cluster krr', words: 'Did you mean `kr`?' },
    { what: 'an unknown run', text: 'status r-none', words: 'There is no run r-none' },
    { what: 'cancelling nothing', text: 'cancel', words: 'Say which RUN' },
    { what: 'markup', text: 'tidyy <!channel> <@U0MINA>', words: 'Did you mean `tidy`?' },
  ])('says what is wrong with $what', async ({ text, words }) => {
    const told = await answer('U0KENJI', text);
    expect(told).toContain(words);
    expect(told).not.toMatch(/<[!@]/);
  });

  it('lists clusters with their channels when it cannot tell which is meant', async () => {
    const told = await answer('U0KENJI', 'tidy shelf-1', 'C0GENERAL');
    expect(told).toContain(`\`kr\` (ap-northeast-2) in <#${CHANNEL}>`);
    expect(told).toContain('`jp` (ap-northeast-1) in <#C0JPOPS>');
  });

  it('says who has the target', async () => {
    await answer('U0KENJI', 'tidy taken');
    expect(await answer('U0JUN', 'tidy taken')).toContain('one run per target');
  });

  it.each([
    ['U0GUEST', 'a guest'],
    ['U0ALIEN', 'another organisation'],
  ])('starts nothing for %s', async (user, why) => {
    const before = (await at.world.runs.list({ limit: 100 })).length;
    expect(await answer(user, 'tidy shelf-9')).toContain(why);
    expect(await at.world.runs.list({ limit: 100 })).toHaveLength(before);
  });
});

describe('questions', () => {
  it('lists runbooks, explains one, and helps', async () => {
    expect(await answer('U0KENJI', 'list')).toContain('/runbook tidy SHELF');
    expect(await answer('U0KENJI', 'help tidy')).toContain('removes what stands on it');
    expect(await answer('U0KENJI', 'help')).toContain('/runbook status [RUN]');
  });

  it('shows a run with its plan, what is under way, and what was', async () => {
    await answer('U0KENJI', 'tidy seen --dry-run');
    const plan = await at.find('Dry-run plan: tidy seen');
    const id = /run `?(r-[a-z0-9]+)/.exec(JSON.stringify(await rootOf(plan.thread_ts)))?.[1] ?? '';
    expect(await answer('U0JUN', `status ${id}`)).toContain('What changes');
    expect(await answer('U0JUN', 'history seen')).toContain(id);
    expect(await answer('U0JUN', 'history nowhere')).toContain('No run has acted on nowhere');
    expect(await answer('U0JUN', 'status')).toContain('Under way');
  });

  it('checks the audit log', async () => {
    expect(await answer('U0JUN', 'audit')).toContain('The audit log is whole');
  });
});

async function rootOf(ts: string | undefined) {
  return at.slack.messages(CHANNEL).find((each) => each.ts === ts)?.blocks;
}

describe('mentions', () => {
  it('takes the same grammar in a thread, and knows which run the thread is about', async () => {
    const card = await at.askAs('U0MINA', 'tidy threaded');
    await at.slack.mention('U0JUN', CHANNEL, 'status', card.thread_ts);
    await at.told('U0JUN', 'tidy threaded in kr: ✋');
    await at.slack.mention('U0MINA', CHANNEL, 'stop', card.thread_ts);
    await at.told('U0MINA', 'is stopping');
    await at.find('🛑 Cancelled: tidy threaded');
  });

  it('asks for a run', async () => {
    await at.slack.mention('U0MINA', CHANNEL, 'tidy mentioned --dry-run');
    await at.find('Dry-run plan: tidy mentioned');
  });

  it('offers the picker', async () => {
    await at.slack.mention('U0AIKO', CHANNEL, '');
    await at.told('U0AIKO', 'Choose a runbook');
    const offer = at.slack.ephemerals('U0AIKO').at(-1);
    await at.slack.click('U0AIKO', { channel: CHANNEL, ts: offer?.ts ?? '' }, 'picker_open');
    await vi.waitFor(() => expect(at.slack.openViews('U0AIKO')).toHaveLength(1));
  });

  it('answers one delivery once, however often it comes', async () => {
    let lost = 0;
    at.slack.faults = [
      (method) => (method === 'callback:event' && lost++ < 1 ? { hang: 'after' } : undefined),
    ];
    await at.slack.mention('U0SORA', CHANNEL, 'list');
    await at.told('U0SORA', 'Runbooks');
    await at.slack.mention('U0SORA', CHANNEL, 'help');
    await at.told('U0SORA', 'Handrail runs runbooks');
    expect(
      at.slack.ephemerals('U0SORA').filter((each) => each.text.includes('*Runbooks*')),
    ).toHaveLength(1);
  });
});
