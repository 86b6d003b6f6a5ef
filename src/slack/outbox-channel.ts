import sql from 'sql-template-tag';
import type { Database } from '../database/database.ts';

/** Longer than one call takes: a process that dies while it sends gives its channel free after this. */
const HELD_MS = 12_000;
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 60_000;

/** One process at a time sends to a channel. False where another does. */
export async function holdChannel(
  database: Database,
  channel: string,
  holder: string,
): Promise<boolean> {
  const held = await database.query(sql`
    insert into outbox_channel (channel, held_by, held_until)
    values (${channel}, ${holder}, now() + ${HELD_MS} * interval '1 millisecond')
    on conflict (channel) do update set held_by = excluded.held_by, held_until = excluded.held_until
      where outbox_channel.held_until <= now()
    returning 1`);
  return held.length > 0;
}

/** Before each call. False where another process has taken over meanwhile: then nothing more may be sent. */
export async function stillHeld(
  database: Database,
  channel: string,
  holder: string,
): Promise<boolean> {
  const held = await database.query(sql`
    update outbox_channel set held_until = now() + ${HELD_MS} * interval '1 millisecond'
    where channel = ${channel} and held_by = ${holder} returning 1`);
  return held.length > 0;
}

export async function freeChannel(
  database: Database,
  channel: string,
  holder: string,
): Promise<void> {
  await database.query(
    sql`update outbox_channel set held_by = null, held_until = now() where channel = ${channel} and held_by = ${holder}`,
  );
}

/** When the next post may go; what went wrong before is over. */
export async function pacePosts(
  database: Database,
  channel: string,
  everyMs: number,
): Promise<void> {
  await database.query(sql`
    update outbox_channel set setbacks = 0, next_post_at = now() + ${everyMs} * interval '1 millisecond'
    where channel = ${channel}`);
}

/** Slack said how long this channel has to wait for its next post. */
export async function pausePosts(
  database: Database,
  channel: string,
  forMs: number,
): Promise<void> {
  await database.query(
    sql`update outbox_channel set next_post_at = now() + ${forMs} * interval '1 millisecond' where channel = ${channel}`,
  );
}

/**
 * After a post without a certain answer: the next one waits, longer each time, at least `atLeastMs`. Returns how often in
 * a row that has happened.
 */
export async function backOffPosts(
  database: Database,
  channel: string,
  atLeastMs: number,
): Promise<number> {
  const first = Math.min(FIRST_WAIT_MS, atLeastMs);
  const [row] = await database.query<{ setbacks: number }>(sql`
    update outbox_channel set setbacks = setbacks + 1, next_post_at = now() + interval '1 millisecond'
      * greatest(${atLeastMs}::float, least(${LONGEST_WAIT_MS}::float, ${first}::float * power(2, least(setbacks, 10))))
    where channel = ${channel} returning setbacks`);
  return row?.setbacks ?? 0;
}
