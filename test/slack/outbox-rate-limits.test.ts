import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { defaultPace, type Pace } from '../../src/slack/pace.ts';
import { message } from './outbox-message.ts';
import { fast, type OutboxWorld, outboxWorld } from './outbox-world.ts';
import { CHANNEL } from './sample-runs.ts';

let world: OutboxWorld;
beforeAll(async () => {
  world = await outboxWorld();
});
afterEach(() => world.clear());
afterAll(() => world.stop());

describe('Slack’s rate limits', () => {
  /** A minute goes by in three seconds; everything else is as in production. */
  const SPEED = 20;
  const production: Pace = {
    ...fast,
    postEveryMs: defaultPace.postEveryMs / SPEED,
    updateEveryMs: defaultPace.updateEveryMs / SPEED,
    updateBurst: defaultPace.updateBurst,
    sameMessageEveryMs: defaultPace.sameMessageEveryMs / SPEED,
  };

  it('are kept to by all processes together in a storm of messages and updates', async () => {
    world.slack.limitRates(SPEED);
    await Promise.all([world.start(production), world.start(production)]);
    const keys = Array.from({ length: 24 }, (_, index) => `m${index}`);
    const place = (index: number) => (index % 2 === 0 ? CHANNEL : 'C0JPOPS');
    for (const round of [1, 2, 3, 4]) {
      await world.want(
        ...keys.map((key, index) =>
          message(key, { channel: place(index), text: `${key} round ${round}`, phase: `${round}` }),
        ),
      );
      await world.settled();
    }

    const limited = world.slack.calls.filter(({ error }) => error === 'http_429');
    expect(limited.map(({ method }) => method)).toEqual([]);
    expect([...world.texts(), ...world.texts('C0JPOPS')].sort()).toEqual(
      keys.map((key) => `${key} round 4`).sort(),
    );
    const updates = world.slack.calls.filter(({ method }) => method === 'chat.update');
    expect(updates.length).toBeGreaterThan(50);
  }, 60_000);
});
