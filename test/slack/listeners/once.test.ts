import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DatabaseUnavailableError } from '../../../src/database/database-errors.ts';
import type { ListenerParts } from '../../../src/slack/listeners/listener-parts.ts';
import { once } from '../../../src/slack/listeners/once.ts';
import { type FreshDatabase, freshDatabase } from '../../fresh-database.ts';

let fresh: FreshDatabase;
beforeAll(async () => {
  fresh = await freshDatabase();
});
afterAll(() => fresh.drop());

/** Delivers the same click, with what was told and how often the work was done. */
function startTrial(id: string) {
  const told: string[] = [];
  const done: string[] = [];
  const parts = { database: fresh.database, log: pino({ level: 'silent' }) };
  const tell = async ({ text }: { text: string }) => void told.push(text);
  const deliver = (work: () => Promise<void>) =>
    // nothing else of the parts is used here
    once(parts as ListenerParts, { id, tell }, async () => {
      await work();
      done.push(id);
    });
  return { told, done, deliver };
}

const nothing = async () => {};

describe('a delivery', () => {
  it('counts once, however often it comes', async () => {
    const trial = startTrial('click:1');
    await Promise.all([trial.deliver(nothing), trial.deliver(nothing), trial.deliver(nothing)]);
    expect(trial).toMatchObject({ told: [], done: ['click:1'] });
  });

  it('that met a database that is away is told as not taken, and counts when it comes again', async () => {
    const trial = startTrial('click:2');
    await trial.deliver(async () => {
      throw new DatabaseUnavailableError(new Error('connection refused'));
    });
    expect(trial.told).toEqual([expect.stringContaining('do it once more')]);

    await trial.deliver(nothing);
    expect(trial.done).toEqual(['click:2']);
  });

  it('that failed in a way nobody foresaw is told with a reference, and without the details', async () => {
    const trial = startTrial('click:3');
    await trial.deliver(async () => {
      throw new Error('password=hunter2');
    });
    expect(trial.told).toEqual([expect.stringMatching(/[0-9a-f]{8}/)]);
    expect(trial.told.join()).not.toContain('hunter2');
  });
});
