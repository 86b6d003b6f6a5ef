import { pino } from 'pino';
import sql from 'sql-template-tag';
import { vi } from 'vitest';
import type { Database } from '../../src/database/database.ts';
import type { StoredMessage } from '../../src/demo/workspace/model.ts';
import { demoSeed } from '../../src/demo/workspace/seed.ts';
import { startWorkspace, type Workspace } from '../../src/demo/workspace/workspace.ts';
import type { WantedMessage } from '../../src/slack/messages/wanted-message.ts';
import { type Outbox, startOutbox } from '../../src/slack/outbox.ts';
import { wantMessages } from '../../src/slack/outbox-table.ts';
import { defaultPace, type Pace } from '../../src/slack/pace.ts';
import { deliveryClient } from '../../src/slack/web-clients.ts';
import { freshDatabase } from '../fresh-database.ts';
import { CHANNEL } from './sample-runs.ts';

const log = pino({ level: 'silent' });
/** Of one call; in production it takes seconds until one is given up. */
const timeoutMs = 400;
export const fast: Pace = {
  ...defaultPace,
  postEveryMs: 30,
  updateEveryMs: 30,
  sameMessageEveryMs: 150,
  lookUpAfterMs: 50,
  refusedRetryMs: 400,
  pollMs: 15,
  sweepMs: 40,
  askAgainMs: 100,
};

export interface OutboxWorld {
  readonly database: Database;
  readonly slack: Workspace;
  want(...messages: readonly WantedMessage[]): Promise<void>;
  /** Starts a process that sends. */
  start(pace?: Pace): Promise<Outbox>;
  /** What stands in the channel, oldest first. */
  texts(channel?: string): string[];
  /** Until everything stands as it is wanted. */
  settled(): Promise<unknown>;
  /** As it was in the beginning: no process, no messages, no faults. */
  clear(): Promise<void>;
  stop(): Promise<void>;
}

/** A database, a workspace, and as many sending processes as a test starts. */
export async function outboxWorld(): Promise<OutboxWorld> {
  const { database, drop } = await freshDatabase();
  const slack = await startWorkspace({ seed: demoSeed });
  const started: Outbox[] = [];
  return {
    database,
    slack,
    want: (...messages) => wantMessages(database, 'r7k2', messages),
    async start(pace = fast) {
      const outbox = await startOutbox({
        database,
        runs: {
          onChange: (changed) => database.listen('outbox_test', changed),
          get: () => Promise.reject(new Error('there are no runs here')),
        },
        client: deliveryClient({
          token: slack.botToken,
          slackApiUrl: slack.apiUrl,
          log,
          timeoutMs,
        }),
        ourselves: { userId: 'U0HANDRAIL', botId: await botId(slack) },
        pace,
        log,
        channelOf: () => undefined,
        approversOf: async () => [],
        languageOf: () => Promise.resolve('en'),
      });
      started.push(outbox);
      return outbox;
    },
    texts: (channel = CHANNEL) => standingIn(slack, channel).map(({ text }) => text),
    settled: () => vi.waitUntil(async () => (await unsent(database)) === 0, { timeout: 15_000 }),
    async clear() {
      for (const outbox of started.splice(0)) await outbox.stop();
      await database.query(sql`truncate outbox_message, outbox_channel, outbox_limit`);
      slack.faults = [];
      for (const { id } of demoSeed.channels) {
        for (const { ts } of standingIn(slack, id)) slack.admin.deleteMessage(id, ts);
      }
    },
    async stop() {
      for (const outbox of started) await outbox.stop();
      await slack.stop();
      await drop();
    },
  };
}

function standingIn(slack: Workspace, channel: string): StoredMessage[] {
  return slack.messages(channel).filter(({ deleted }) => !deleted);
}

async function botId(slack: Workspace): Promise<string | undefined> {
  const client = deliveryClient({ token: slack.botToken, slackApiUrl: slack.apiUrl, log });
  return (await client.auth.test()).bot_id;
}

export async function unsent(database: Database): Promise<number> {
  const rows = await database.query(
    sql`select 1 from outbox_message where sent_hash is distinct from wanted_hash`,
  );
  return rows.length;
}
