import sql from 'sql-template-tag';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { findUndelivered } from '../../src/slack/slack.ts';
import { message } from './outbox-message.ts';
import { type OutboxWorld, outboxWorld } from './outbox-world.ts';
import { CHANNEL } from './sample-runs.ts';

let world: OutboxWorld;
beforeAll(async () => {
  world = await outboxWorld();
});
afterEach(() => world.clear());
afterAll(() => world.stop());

async function failureOf(key: string) {
  const rows = await world.database.query<{ failure: string | null; advice: string | null }>(
    sql`select failure, advice from outbox_message where key = ${key}`,
  );
  return rows[0];
}

describe('what Slack refuses', () => {
  const admin = () => world.slack.admin;
  const cases = [
    {
      error: 'is_archived',
      break: () => admin().archive(CHANNEL),
      mend: () => admin().unarchive(CHANNEL),
      advice: 'unarchive the channel, or set another one for the cluster in handrail.yml',
    },
    {
      error: 'not_in_channel',
      break: () => admin().kickApp(CHANNEL),
      mend: () => admin().inviteApp(CHANNEL),
      advice: 'invite Handrail to the channel: /invite @Handrail',
    },
    {
      error: 'token_revoked',
      break: () => admin().refuseTokens('token_revoked'),
      mend: () => admin().takeTokens(),
      advice: 'install the app again and set its new SLACK_BOT_TOKEN',
    },
    {
      error: 'missing_scope',
      break: () => admin().takeScope('chat:write'),
      mend: () => admin().giveScope('chat:write'),
      advice: expect.stringMatching(
        /lacks a scope \(chat:write\): add it under OAuth & Permissions/,
      ),
    },
  ];

  it.each(cases)(
    'by $error is told with a way out, and sent once that is taken',
    async (refused) => {
      const { error, advice } = refused;
      await world.start();
      await world.want(message('first'));
      await world.settled();
      refused.break();
      await world.want(message('second'));
      await vi.waitFor(async () => {
        expect(await findUndelivered(world.database, 'r7k2')).toEqual([
          { channel: CHANNEL, messages: 1, failure: error, advice },
        ]);
      });

      refused.mend();
      await world.settled();

      expect(world.texts()).toEqual(['text of first', 'text of second']);
      expect(await findUndelivered(world.database, 'r7k2')).toEqual([]);
    },
  );

  it('because a channel is gone holds up no other channel', async () => {
    world.slack.admin.deleteChannel('C0GENERAL');
    await world.want(
      message('kr', { channel: 'C0GENERAL' }),
      message('jp', { channel: 'C0JPOPS' }),
    );
    await world.start();

    await vi.waitFor(() => expect(world.texts('C0JPOPS')).toEqual(['text of jp']));
    await vi.waitFor(async () => {
      expect(await failureOf('kr')).toMatchObject({
        failure: 'channel_not_found',
        advice: expect.stringContaining('check the channel id in handrail.yml'),
      });
    });
  });

  it('because the channel is archived leaves the messages there as they are', async () => {
    await world.want(message('root'));
    await world.start();
    await world.settled();
    admin().archive(CHANNEL);
    await world.want(message('root', { text: 'changed' }));
    await vi.waitFor(async () => {
      expect(await failureOf('root')).toMatchObject({ failure: 'is_inactive' });
    });
    admin().unarchive(CHANNEL);
    await world.settled();

    expect(world.texts()).toEqual(['changed']);
  });

  it('because somebody deleted the message leaves later ones as they are', async () => {
    await world.want(message('root'), message('a', { threadKey: 'root' }));
    await world.start();
    await world.settled();
    const root = world.slack.messages(CHANNEL).find(({ deleted }) => !deleted);
    world.slack.admin.deleteMessage(CHANNEL, root?.ts ?? '');
    await world.want(
      message('root', { text: 'changed' }),
      message('a', { threadKey: 'root', text: 'changed too' }),
      message('b', { threadKey: 'root' }),
    );

    await vi.waitFor(() => expect(world.texts()).toEqual(['changed too', 'text of b']));
    await vi.waitFor(async () => {
      expect(await failureOf('root')).toMatchObject({ failure: 'message_not_found' });
    });
  });
});
