import type { KnownBlock } from '@slack/types';
import sql from 'sql-template-tag';
import type { Database, Queryable } from '../database/database.ts';
import { contentHash, type WantedMessage } from './messages/wanted-message.ts';
import { CONTENT_FAILURES } from './slack-failure.ts';

/** A message whose time has come. */
export interface DueMessage {
  readonly key: string;
  readonly channel: string;
  readonly wanted: {
    readonly text: string;
    readonly blocks: readonly KnownBlock[];
    readonly broadcast: boolean;
  };
  readonly wanted_hash: string;
  readonly wanted_phase: string;
  /** Set once it stands in Slack: then it is updated. */
  readonly ts: string | null;
  readonly posted_channel: string | null;
  readonly thread_ts: string | null;
  readonly uncertain_since: Date | null;
  readonly links_to: string | null;
  readonly link_ts: string | null;
  readonly link_channel: string | null;
  readonly permalink: string | null;
  readonly urgent: boolean;
}

/** Where a message stands in Slack. */
export interface Standing {
  readonly channel: string;
  readonly ts: string;
  /** Of the content that stands there. */
  readonly hash: string;
  readonly phase: string | null;
}

/** Writes down what ought to stand; rows whose content is the same are left alone. */
export async function wantMessages(
  tx: Queryable,
  runId: string,
  messages: readonly WantedMessage[],
): Promise<void> {
  const rows = await tx.query<{ key: string; wanted_hash: string }>(
    sql`select key, wanted_hash from outbox_message where run_id = ${runId}`,
  );
  const known = new Map(rows.map((row) => [row.key, row.wanted_hash]));
  for (const message of messages) {
    const hash = contentHash(message);
    if (known.get(message.key) === hash) continue;
    const { text, blocks, broadcast = false } = message;
    await tx.query(sql`
      insert into outbox_message (key, run_id, channel, thread_key, links_to, first, wanted, wanted_hash, wanted_phase)
      values (${message.key}, ${runId}, ${message.channel}, ${message.threadKey ?? null}, ${message.linksTo ?? null}, ${message.first ?? false},
        ${JSON.stringify({ text, blocks, broadcast })}, ${hash}, ${message.phase})
      on conflict (key) do update set wanted = excluded.wanted, wanted_hash = excluded.wanted_hash,
        wanted_phase = excluded.wanted_phase, changed_at = now(),
        not_before = case when outbox_message.failure = any(${CONTENT_FAILURES}) then now() else outbox_message.not_before end`);
  }
}

/** Keys of this run's messages that begin so. */
export async function keysOf(tx: Queryable, runId: string, prefix: string): Promise<string[]> {
  const rows = await tx.query<{ key: string }>(
    sql`select key from outbox_message where run_id = ${runId} and starts_with(key, ${prefix})`,
  );
  return rows.map((row) => row.key);
}

/** The run under whose root message a thread stands. */
export async function runOfThread(
  database: Database,
  thread: { readonly channel: string; readonly ts: string },
): Promise<string | undefined> {
  const [row] = await database.query<{ run_id: string }>(
    sql`select run_id from outbox_message where posted_channel = ${thread.channel} and ts = ${thread.ts}`,
  );
  return row?.run_id;
}

export async function channelsWithWork(database: Database): Promise<string[]> {
  const rows = await database.query<{ channel: string }>(
    sql`select distinct channel from outbox_due limit 100`,
  );
  return rows.map((row) => row.channel);
}

/** Whether anything is unsent and may go within a minute: then the table is looked at again soon. */
export async function anythingUnsent(database: Database): Promise<boolean> {
  const rows = await database.query(sql`
    select 1 from outbox_message
    where sent_hash is distinct from wanted_hash and not_before < now() + interval '1 minute'
      and changed_at > now() - interval '1 day' limit 1`);
  return rows.length > 0;
}

/** Posts that somebody waits for, then changes of phase, then other posts in their order, then other updates. */
export async function nextDue(
  database: Database,
  channel: string,
): Promise<DueMessage | undefined> {
  const [due] = await database.query<DueMessage>(
    sql`select * from outbox_due where channel = ${channel} order by turn, position limit 1`,
  );
  return due;
}

/** Before a post: from here on, until its answer is recorded, nobody knows whether it stands. */
export async function recordPosting(database: Database, key: string): Promise<void> {
  await database.query(
    sql`update outbox_message set uncertain_since = coalesce(uncertain_since, now()) where key = ${key}`,
  );
}

export async function recordStanding(
  database: Database,
  key: string,
  { standing, quietMs }: { readonly standing: Standing; readonly quietMs: number },
): Promise<void> {
  await database.query(sql`
    update outbox_message set ts = ${standing.ts}, posted_channel = ${standing.channel}, sent_hash = ${standing.hash},
      sent_phase = ${standing.phase}, uncertain_since = null, failure = null, advice = null,
      quiet_until = now() + ${quietMs} * interval '1 millisecond'
    where key = ${key}`);
}

/** It was surely not posted: no look-up is needed before the next attempt. */
export async function recordNotPosted(database: Database, key: string): Promise<void> {
  await database.query(sql`update outbox_message set uncertain_since = null where key = ${key}`);
}

/** Refused for a reason that stays. Returns whether that is news. */
export async function recordFailure(
  database: Database,
  key: string,
  refusal: { readonly failure: string; readonly advice: string; readonly retryMs: number },
): Promise<boolean> {
  const { failure, advice, retryMs } = refusal;
  const [row] = await database.query<{ before: string | null }>(sql`
    with earlier as (select failure as before from outbox_message where key = ${key})
    update outbox_message set failure = ${failure}, advice = ${advice},
      not_before = now() + ${retryMs} * interval '1 millisecond'
    from earlier where key = ${key} returning earlier.before`);
  return row?.before !== failure;
}

/** Tried again later; whether it stands stays as known as it is. Others go first meanwhile. */
export async function deferMessage(database: Database, key: string, forMs: number): Promise<void> {
  await database.query(
    sql`update outbox_message set not_before = now() + ${forMs} * interval '1 millisecond' where key = ${key}`,
  );
}

export async function rememberPermalink(
  database: Database,
  key: string,
  permalink: string,
): Promise<void> {
  await database.query(sql`update outbox_message set permalink = ${permalink} where key = ${key}`);
}
