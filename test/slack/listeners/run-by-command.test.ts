import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { newShelf } from '../../runs/shelf-actions.ts';
import { CHANNEL } from '../sample-runs.ts';
import { type SlackWorld, shown, startSlackWorld } from '../slack-world.ts';

let at: SlackWorld;
beforeAll(async () => {
  at = await startSlackWorld();
});
afterAll(() => at.stop());
beforeEach(() => {
  Object.assign(at.shelf, newShelf('cup', 'plate'));
});

describe('a run by command', () => {
  it('is answered in private, shown in the channel, approved by a click and told to its end', async () => {
    const card = await at.askAs('U0MINA', 'tidy shelf-1');
    expect(await at.told('U0MINA', 'tidy shelf-1 in kr')).toContain('in this channel');
    const root = await at.find('tidy shelf-1 in kr: ✋');
    expect(root.thread_ts).toBeUndefined();
    expect(card.thread_ts).toBe(root.ts);
    expect(card.reply_broadcast).toBe(true);
    expect(shown(card)).toContain('remove 2 Things');

    await at.slack.click('U0JUN', card, 'approval_approve');
    const summary = await at.find('✅ Succeeded: tidy shelf-1');
    expect(summary.thread_ts).toBe(root.ts);
    expect(summary.reply_broadcast).toBe(true);
    expect(shown(summary)).toContain('Approved by <@U0JUN>');
    expect(at.shelf.removals.toSorted()).toEqual(['cup', 'plate']);

    const decided = await at.find('Approved by <@U0JUN>');
    expect(shown(decided)).not.toContain('approval_approve');
    expect(shown(await at.find('tidy shelf-1 in kr: ✅'))).not.toContain('run_stop');
  });

  it('writes to each approver but the one who asked, with a link, and says when it is decided', async () => {
    const card = await at.askAs('U0MINA', 'tidy shelf-2');
    const direct = await directMessage('U0SORA', 'tidy shelf-2');
    expect(direct).toContain(`${CHANNEL}/${card.ts}`);
    await at.slack.click('U0JUN', card, 'approval_approve');
    await vi.waitFor(async () =>
      expect(await directMessage('U0SORA', 'tidy shelf-2')).toContain(
        '더 이상 결정이 필요하지 않습니다',
      ),
    );
    await at.find('✅ Succeeded: tidy shelf-2');
    const opened = at.slack.calls.filter((call) => call.method === 'conversations.open');
    expect(opened.map((call) => call.args['users'])).not.toContain('U0MINA');
  });

  it('plans only, in a dry run', async () => {
    await at.slack.slash('U0MINA', CHANNEL, 'tidy shelf-3 --dry-run');
    const plan = await at.find('Dry-run plan: tidy shelf-3');
    expect(shown(plan)).toContain('nothing will be changed');
    await at.find('tidy shelf-3 in kr: 📝');
    expect(at.shelf.removals).toEqual([]);
  });

  it('goes to the channel of the cluster that was named', async () => {
    await at.slack.slash('U0MINA', 'C0GENERAL', 'tidy shelf-4 --cluster kr --dry-run');
    expect(await at.told('U0MINA', 'tidy shelf-4 in kr')).toContain(`<#${CHANNEL}>`);
    await at.find('tidy shelf-4 in kr');
  });

  it('stops when somebody presses Stop, and takes its gate back', async () => {
    const card = await at.askAs('U0MINA', 'tidy shelf-5');
    const root = await at.find('tidy shelf-5 in kr: ✋');
    await at.slack.click('U0MINA', root, 'run_stop');
    await at.told('U0MINA', 'is stopping');
    await at.find('🛑 Withdrawn by <@U0MINA>');
    await at.slack.click('U0JUN', root, 'run_details');
    await vi.waitFor(() =>
      expect(JSON.stringify(at.slack.openViews('U0JUN'))).toContain('What changes'),
    );
    const gone = at.slack.messages(CHANNEL).find((each) => each.ts === card.ts);
    expect(gone && shown(gone)).not.toContain('approval_approve');
  });

  it('lets a blocked plan go on once its exceptions are accepted in a form', async () => {
    at.shelf.fragile = true;
    await at.slack.slash('U0MINA', CHANNEL, 'tidy shelf-6');
    const plan = await at.find('Blocked: What stands there is fragile.');
    await at.slack.click('U0MINA', plan, 'exceptions_decide');
    const view = await vi.waitFor(() => {
      const found = at.slack.openViews('U0MINA').at(-1);
      expect(found?.callback_id).toBe('exceptions_decide');
      return found;
    });
    expect(JSON.stringify(view?.blocks)).toContain('What stands there is fragile.');
    await at.slack.submitView('U0MINA', view?.id ?? '', { exceptions: { names: ['fragile'] } });
    await at.find('✋ Waiting for approval');
    await at.find('Approve: tidy shelf-6');
  });
});

/** The text of the message that this person got directly, as it stands. */
function directMessage(user: string, text: string): Promise<string> {
  return vi.waitFor(() => {
    const opened = at.slack.calls.find(
      (call) => call.method === 'conversations.open' && call.args['users'] === user,
    );
    const sent = at.slack.calls.findLast(
      ({ method, args }) =>
        method.startsWith('chat.') &&
        args['channel'] === `D${user.slice(1)}` &&
        String(args['text']).includes(text),
    );
    if (!opened || !sent) throw new Error('not written to yet');
    return String(sent.args['text']);
  }, 5000);
}
