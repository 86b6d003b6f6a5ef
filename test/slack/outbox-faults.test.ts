import sql from 'sql-template-tag';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { SlackFault } from '../../src/demo/workspace/slack-fault.ts';
import { message } from './outbox-message.ts';
import { type OutboxWorld, outboxWorld } from './outbox-world.ts';
import { CHANNEL } from './sample-runs.ts';

let world: OutboxWorld;
beforeAll(async () => {
  world = await outboxWorld();
});
afterEach(() => world.clear());
afterAll(() => world.stop());

/** The first calls of the method fail. */
function failFirst(method: string, times: number, fault: SlackFault): void {
  let round = 0;
  world.slack.faults = [(called) => (called === method && round++ < times ? fault : undefined)];
}

async function failureOf(key: string) {
  const rows = await world.database.query<{ failure: string | null; advice: string | null }>(
    sql`select failure, advice from outbox_message where key = ${key}`,
  );
  return rows[0];
}

const faults: readonly { readonly what: string; readonly fault: SlackFault }[] = [
  { what: 'HTTP 500', fault: { status: 500 } },
  { what: 'HTTP 503', fault: { status: 503 } },
  { what: 'HTTP 429 without a time', fault: { status: 429 } },
  { what: 'HTTP 429 with a time', fault: { retryAfter: 1 } },
  { what: 'fatal_error', fault: { error: 'fatal_error' } },
  { what: 'a reset before', fault: { reset: 'before' } },
  { what: 'a reset after', fault: { reset: 'after' } },
  { what: 'no answer before', fault: { hang: 'before' } },
  { what: 'no answer after', fault: { hang: 'after' } },
  { what: 'an answer cut by the connection', fault: { truncate: 'bytes' } },
  { what: 'an answer cut within its JSON', fault: { truncate: 'json' } },
];

describe('whatever happens to a post', () => {
  it.each(faults)('it stands once, and in order: $what', async ({ fault }) => {
    failFirst('chat.postMessage', 2, fault);
    await world.want(message('root'), message('a', { threadKey: 'root' }), message('z'));
    await world.start();
    await world.settled();

    expect(world.texts()[0]).toBe('text of root');
    expect(world.texts().sort()).toEqual(['text of a', 'text of root', 'text of z']);
    expect(await failureOf('root')).toMatchObject({ failure: null });
  });
});

describe('whatever happens to an update', () => {
  it.each(faults)('the newest state stands in the end: $what', async ({ fault }) => {
    await world.want(message('root'));
    await world.start();
    await world.settled();
    failFirst('chat.update', 1, fault);
    await world.want(message('root', { text: 'newer' }));
    await world.want(message('root', { text: 'newest' }));
    await world.settled();

    expect(world.texts()).toEqual(['newest']);
  });
});

describe('a post whose answer was lost', () => {
  it('is not made again when the app is put out of the channel meanwhile, and invited later', async () => {
    let posts = 0;
    world.slack.faults = [
      (method) => {
        if (method !== 'chat.postMessage' || posts++ > 0) return undefined;
        setImmediate(() => world.slack.admin.kickApp(CHANNEL));
        return { hang: 'after' };
      },
    ];
    await world.want(message('root'));
    await world.start();
    await vi.waitFor(async () => {
      expect(await failureOf('root')).toMatchObject({ failure: 'not_in_channel' });
    });
    world.slack.admin.inviteApp(CHANNEL);
    await world.settled();

    expect(world.texts()).toEqual(['text of root']);
  });

  it('is looked for as long as looking fails, and found', async () => {
    failFirst('chat.postMessage', 1, { reset: 'after' });
    const [lost = () => undefined] = world.slack.faults;
    let looks = 0;
    const broken: SlackFault[] = [
      { status: 500 },
      { truncate: 'json' },
      { retryAfter: 1 },
      { hang: 'after' },
    ];
    world.slack.faults = [
      lost,
      (method) => (method === 'conversations.history' ? broken[looks++] : undefined),
    ];
    await world.want(message('root'));
    await world.start();
    await world.settled();

    expect(world.texts()).toEqual(['text of root']);
    expect(looks).toBeGreaterThan(broken.length);
  });
});
