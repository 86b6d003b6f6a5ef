import sql from 'sql-template-tag';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { linkTo } from '../../src/slack/messages/wanted-message.ts';
import { message } from './outbox-message.ts';
import { fast, type OutboxWorld, outboxWorld, unsent } from './outbox-world.ts';
import { CHANNEL } from './sample-runs.ts';

let world: OutboxWorld;
beforeEach(async () => {
  world = await outboxWorld();
});
afterEach(() => world.stop());

function texts(channel = CHANNEL): string[] {
  return world.slack.messages(channel).map((each) => each.text);
}

function settled() {
  return vi.waitUntil(async () => (await unsent(world.database)) === 0, { timeout: 8000 });
}

function calls(method: string) {
  return world.slack.calls.filter((call) => call.method === method);
}

describe('posting', () => {
  it('posts in order, replies under what they reply to', async () => {
    await world.want(
      message('root'),
      message('a', { threadKey: 'root' }),
      message('b', { threadKey: 'root', broadcast: true }),
      message('c', { threadKey: 'root' }),
    );
    await world.start();
    await settled();

    const [root, ...replies] = world.slack.messages(CHANNEL);
    expect(texts()).toEqual(['text of root', 'text of a', 'text of b', 'text of c']);
    expect(replies.map((each) => each.thread_ts)).toEqual([root?.ts, root?.ts, root?.ts]);
    expect(replies.map((each) => each.reply_broadcast ?? false)).toEqual([false, true, false]);
  });

  it('posts what somebody waits for before what was there to be told earlier', async () => {
    await world.want(
      message('a timeline'),
      message('another timeline'),
      message('root', { first: true }),
      message('card', { first: true, threadKey: 'root' }),
    );
    await world.start();
    await settled();

    expect(texts()).toEqual([
      'text of root',
      'text of card',
      'text of a timeline',
      'text of another timeline',
    ]);
  });

  it('writes to people with a link to a message that is posted meanwhile', async () => {
    const text = `see ${linkTo('card')}`;
    await world.want(message('dm', { channel: 'U0JUN', linksTo: 'card', text }), message('card'));
    await world.start();
    await settled();

    const card = world.slack.messages(CHANNEL)[0];
    const open = calls('conversations.open')[0];
    expect(open?.args['users']).toBe('U0JUN');
    const sent = calls('chat.postMessage').find((call) =>
      String(call.args['text']).startsWith('see'),
    );
    expect(sent?.args['text']).toContain(`#${CHANNEL}/${card?.ts}`);
    expect(sent?.args['text']).not.toContain('message.invalid');
  });

  it('keeps to its pace in one channel, whatever the number of processes', async () => {
    await world.want(...Array.from({ length: 6 }, (_, index) => message(`m${index}`)));
    const pace = { ...fast, postEveryMs: 150 };
    await Promise.all([world.start(pace), world.start(pace), world.start(pace)]);
    await settled();

    const at = calls('chat.postMessage').map((call) => call.at);
    expect(texts()).toEqual(['m0', 'm1', 'm2', 'm3', 'm4', 'm5'].map((key) => `text of ${key}`));
    for (const [index, time] of at.slice(1).entries()) {
      expect(time - (at[index] ?? 0)).toBeGreaterThanOrEqual(145);
    }
  });
});

describe('updating', () => {
  it('sends only the newest of many changes', async () => {
    await world.want(message('root'));
    await world.start();
    await settled();
    for (let done = 1; done <= 20; done += 1) {
      await world.want(message('root', { text: `${done} of 20` }));
    }
    await settled();

    expect(texts()).toEqual(['20 of 20']);
    expect(calls('chat.update').length).toBeLessThan(5);
  });

  it('sends a change of phase at once, other changes after a while', async () => {
    const pace = { ...fast, sameMessageEveryMs: 60_000 };
    await world.want(message('root'));
    await world.start(pace);
    await settled();
    await world.want(message('root', { text: 'a little further' }));
    await world.want(message('other'));
    await vi.waitFor(() => expect(texts()).toContain('text of other'));
    expect(texts()).toContain('text of root');

    await world.want(message('root', { text: 'failed', phase: 'two' }));
    await settled();
    expect(texts()).toContain('failed');
  });

  it('makes no more updates than Slack allows, and lets changes of phase pass first', async () => {
    const pace = { ...fast, updateEveryMs: 10_000, updateBurst: 7, sameMessageEveryMs: 0 };
    const keys = ['a', 'b', 'c', 'd', 'e', 'f'];
    await world.want(...keys.map((key) => message(key)));
    await world.start(pace);
    await settled();
    await world.want(...keys.map((key) => message(key, { text: 'changed' })));
    await vi.waitFor(() => expect(calls('chat.update')).toHaveLength(2));
    await world.want(message('f', { text: 'urgent', phase: 'two' }));
    await vi.waitFor(() => expect(texts()).toContain('urgent'));
    expect(calls('chat.update')).toHaveLength(3);
  });
});

describe('when Slack fails', () => {
  it('does not post twice when an answer is lost', async () => {
    let lost = 0;
    world.slack.faults = [
      (method) => (method === 'chat.postMessage' && lost++ < 1 ? { reset: 'after' } : undefined),
    ];
    await world.want(message('root'), message('reply', { threadKey: 'root' }));
    await world.start();
    await settled();

    expect(texts()).toEqual(['text of root', 'text of reply']);
  });

  it('does not post a reply twice when an answer is lost', async () => {
    let lost = 0;
    world.slack.faults = [
      (method, args) =>
        method === 'chat.postMessage' && args['thread_ts'] && lost++ < 1
          ? { reset: 'after' }
          : undefined,
    ];
    await world.want(message('root'), message('reply', { threadKey: 'root' }));
    await world.start();
    await settled();

    expect(texts()).toEqual(['text of root', 'text of reply']);
  });

  it('posts again when Slack failed before it did anything', async () => {
    let failed = 0;
    world.slack.faults = [
      (method) => (method === 'chat.postMessage' && failed++ < 2 ? { status: 503 } : undefined),
    ];
    await world.want(message('root'));
    await world.start();
    await settled();

    expect(texts()).toEqual(['text of root']);
  });

  it('waits as long as it is asked to, and other channels go on', async () => {
    let limited = 0;
    world.slack.faults = [
      (method, args) =>
        method === 'chat.postMessage' && args['channel'] === CHANNEL && limited++ < 1
          ? { retryAfter: 1 }
          : undefined,
    ];
    await world.want(message('kr'));
    await world.start();
    await vi.waitFor(() => expect(limited).toBe(1));
    await world.want(message('jp', { channel: 'C0JPOPS' }));
    await vi.waitFor(() => expect(texts('C0JPOPS')).toEqual(['text of jp']));
    expect(texts()).toEqual([]);
    await settled();

    const tries = calls('chat.postMessage').filter((call) => call.args['channel'] === CHANNEL);
    expect((tries.at(-1)?.at ?? 0) - (tries[0]?.at ?? 0)).toBeGreaterThanOrEqual(1000);
    expect(tries).toHaveLength(2);
  });

  it('writes down what is refused, goes on with the rest, and delivers it once it is allowed', async () => {
    world.slack.faults = [
      (method, args) =>
        method === 'chat.postMessage' && args['channel'] === CHANNEL
          ? { error: 'not_in_channel' }
          : undefined,
    ];
    await world.want(message('kr'), message('jp', { channel: 'C0JPOPS' }));
    await world.start();
    await vi.waitFor(async () => {
      const [row] = await world.database.query<{ failure: string | null }>(
        sql`select failure from outbox_message where key = 'kr'`,
      );
      expect(row?.failure).toBe('not_in_channel');
    });
    await vi.waitFor(() => expect(texts('C0JPOPS')).toEqual(['text of jp']));
    world.slack.faults = [];
    await settled();

    expect(texts()).toEqual(['text of kr']);
  });
});

describe('across restarts', () => {
  it('loses nothing and doubles nothing when processes come and go', async () => {
    const keys = Array.from({ length: 12 }, (_, index) => `m${String(index).padStart(2, '0')}`);
    let turn = 0;
    world.slack.faults = [
      (method) =>
        method === 'chat.postMessage' && turn++ % 4 === 1 ? { reset: 'after' } : undefined,
    ];
    await world.want(message('root'), ...keys.map((key) => message(key, { threadKey: 'root' })));
    for (let posted = 2; posted <= 10; posted += 4) {
      const outbox = await world.start();
      await vi.waitFor(() => expect(texts().length).toBeGreaterThanOrEqual(posted), 5000);
      await outbox.stop();
    }
    await world.start();
    await settled();

    expect(texts()).toEqual(['text of root', ...keys.map((key) => `text of ${key}`)]);
  });

  it('finds a message whose process died before it could write down that it was posted', async () => {
    await world.want(message('root'), message('reply', { threadKey: 'root' }));
    const first = await world.start();
    await settled();
    await first.stop();
    await world.database.query(sql`
      update outbox_message set ts = null, sent_hash = null, sent_phase = null, posted_channel = null, uncertain_since = now()
      where key = 'reply'`);
    await world.want(message('reply', { threadKey: 'root', text: 'newer' }));
    await world.start();
    await settled();

    expect(texts()).toEqual(['text of root', 'newer']);
  });
});
