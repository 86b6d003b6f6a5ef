import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { mina } from '../../runs/run-world.ts';
import { newShelf } from '../../runs/shelf-actions.ts';
import { CHANNEL } from '../sample-runs.ts';
import { type SlackWorld, shown, startSlackWorld } from '../slack-world.ts';

let at: SlackWorld;
let turn = 0;
beforeAll(async () => {
  at = await startSlackWorld();
});
afterAll(() => at.stop());
beforeEach(() => {
  Object.assign(at.shelf, newShelf('cup', 'plate'));
  at.slack.faults = [];
  turn += 1;
});

function newCard() {
  return at.askAs('U0MINA', `tidy place-${turn}`);
}

function cardNow(ts: string): string {
  const card = at.slack.messages(CHANNEL).find((each) => each.ts === ts);
  return card ? shown(card) : '';
}

/** The newest message of the channel, or of a thread in it, that offers this button for this turn's run. */
function messageWith(actionId: string) {
  return vi.waitFor(() => {
    const found = at.slack.messages(CHANNEL).findLast(({ blocks }) => {
      const text = JSON.stringify(blocks);
      return text.includes(actionId) && text.includes(`place-${turn}`);
    });
    if (!found) throw new Error(`there is no ${actionId} yet`);
    return found;
  }, 5000);
}

describe('who may decide', () => {
  it.each([
    ['the one who asked', 'U0MINA', 'somebody else must approve it'],
    ['who is not in the group', 'U0KENJI', 'not among the approvers'],
    ['a guest', 'U0GUEST', 'a guest'],
    ['a stranger', 'U0ALIEN', 'another organisation'],
    ['a bot', 'U0ROBOT', 'apps and bots'],
    ['who has left', 'U0GONE', 'deactivated'],
  ])('tells %s in private why not', async (_who, user, why) => {
    const card = await newCard();
    await at.slack.click(user, card, 'approval_approve');

    expect(await at.told(user, why)).toContain(why);
    expect(cardNow(card.ts)).toContain('approval_approve');
    expect(at.shelf.removals).toEqual([]);
  });

  it.each([
    ['a guest', 'U0GUEST', 'a guest'],
    ['a stranger', 'U0ALIEN', 'another organisation'],
    ['a bot', 'U0ROBOT', 'apps and bots'],
  ])('lets %s neither stop a run nor accept its exceptions', async (_who, user, why) => {
    at.shelf.fragile = true;
    const runId = await at.world.ask({ inputs: { shelf: `place-${turn}` } });
    await at.world.until(runId, 'blocked');

    await at.slack.click(user, await messageWith('run_stop'), 'run_stop');
    await at.told(user, why);
    await at.slack.click(user, await messageWith('exceptions_decide'), 'exceptions_decide');
    const view = await at.view(user, 'fragile');
    await at.slack.submitView(user, view.id, { exceptions: { names: ['fragile'] } });

    expect(await at.told(user, why)).toContain(why);
    const run = await at.world.runs.get(runId);
    expect(run).toMatchObject({ status: 'blocked', accepted: [] });
    expect(run.stopRequestedBy).toBeUndefined();
    await at.world.runs.stop(runId, mina);
    await at.world.until(runId, 'cancelled');
  });

  it('judges by the group as it is at the click', async () => {
    const card = await newCard();
    await at.slack.setGroupMembers('S0SRE', ['U0MINA', 'U0SORA']);
    await at.slack.click('U0JUN', card, 'approval_approve');
    await at.told('U0JUN', 'not among the approvers');
    await at.slack.setGroupMembers('S0SRE', ['U0JUN', 'U0SORA', 'U0MINA']);
    await at.slack.click('U0JUN', card, 'approval_approve');

    await at.find(`✅ Succeeded: tidy place-${turn}`);
    expect(cardNow(card.ts)).toContain('Approved by <@U0JUN>');
  });

  it.each([
    ['usergroups.users.list', 'U0SORA'],
    ['users.info', 'U0JUN'],
  ])('refuses, and says why, when Slack does not answer %s', async (silent, user) => {
    const card = await newCard();
    at.slack.faults = [(method) => (method === silent ? { status: 503 } : undefined)];
    await at.slack.click(user, card, 'approval_approve');

    expect(await at.told(user, 'again in a moment')).toContain('Slack does');
    expect(cardNow(card.ts)).toContain('approval_approve');
  });
});

describe('deciding', () => {
  it('rejects with a reason, shown on the card and in the end', async () => {
    const card = await newCard();
    await at.slack.click('U0JUN', card, 'approval_reject');
    const view = await at.view('U0JUN', 'Why?');
    await at.slack.submitView('U0JUN', view.id, { reason: { text: 'not <now> & here' } });

    await at.find(`🚫 Rejected: tidy place-${turn}`);
    await vi.waitFor(() => expect(cardNow(card.ts)).toContain('not &lt;now&gt; &amp; here'));
    expect(cardNow(card.ts)).not.toContain('approval_approve');
    expect(at.shelf.removals).toEqual([]);
  });

  it('tells who may not reject in private, though they had the form', async () => {
    const card = await newCard();
    await at.slack.click('U0KENJI', card, 'approval_reject');
    const view = await at.view('U0KENJI', 'Why?');
    await at.slack.submitView('U0KENJI', view.id, { reason: { text: 'no' } });

    await at.told('U0KENJI', 'not among the approvers');
    expect(cardNow(card.ts)).toContain('approval_approve');
  });

  it('takes one of many clicks at once, and tells the others that they are late', async () => {
    const card = await newCard();
    const people = ['U0JUN', 'U0SORA', 'U0JUN', 'U0SORA', 'U0JUN', 'U0SORA'];
    await Promise.all(people.map((user) => at.slack.click(user, card, 'approval_approve')));
    await at.find(`✅ Succeeded: tidy place-${turn}`);

    expect(at.shelf.removals.toSorted()).toEqual(['cup', 'plate']);
    const run = (await at.world.runs.list({ limit: 1 }))[0];
    const { approvals } = await at.world.runs.get(run?.id ?? '');
    expect(approvals.map((each) => each.votes.length)).toEqual([1]);
  });

  it('tells who clicks on a card that still stands, though it is decided, that they are late', async () => {
    const card = await newCard();
    at.slack.faults = [
      (method, args) =>
        method === 'chat.update' && args['ts'] === card.ts ? { status: 503 } : undefined,
    ];
    await at.slack.click('U0JUN', card, 'approval_approve');
    await at.find(`✅ Succeeded: tidy place-${turn}`);
    expect(cardNow(card.ts)).toContain('approval_approve');
    await at.slack.click('U0SORA', card, 'approval_approve');

    await at.told('U0SORA', 'already approved by Jun Seo');
    at.slack.faults = [];
    await vi.waitFor(() => expect(cardNow(card.ts)).not.toContain('approval_approve'), 5000);
  });
});
