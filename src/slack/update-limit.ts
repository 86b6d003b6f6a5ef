import sql from 'sql-template-tag';
import type { Database } from '../database/database.ts';
import type { Pace } from './pace.ts';

const METHOD = 'chat.update';
/** What plain updates leave over of the burst for changes of phase. */
const RESERVED = 5;

/**
 * Takes one update from what Slack allows the app per minute, shared by all processes. False: not now.
 * Generic cell rate algorithm: `free_at` is when the next update would be on time.
 * @see https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm
 */
export async function takeUpdate(
  database: Database,
  pace: Pace,
  { urgent }: { readonly urgent: boolean },
): Promise<boolean> {
  const ahead = urgent ? pace.updateBurst - 1 : Math.max(0, pace.updateBurst - 1 - RESERVED);
  const step = pace.updateEveryMs;
  const taken = await database.query(sql`
    insert into outbox_limit (method, free_at) values (${METHOD}, now() + ${step} * interval '1 millisecond')
    on conflict (method) do update
      set free_at = greatest(outbox_limit.free_at, now()) + ${step} * interval '1 millisecond'
      where outbox_limit.free_at <= now() + ${ahead * step} * interval '1 millisecond'
        and outbox_limit.paused_until <= now()
    returning 1`);
  return taken.length > 0;
}

/** Slack said how long no update may be made. */
export async function pauseUpdates(database: Database, forMs: number): Promise<void> {
  await database.query(sql`
    insert into outbox_limit (method, free_at, paused_until)
    values (${METHOD}, now(), now() + ${forMs} * interval '1 millisecond')
    on conflict (method) do update set paused_until = greatest(outbox_limit.paused_until, excluded.paused_until)`);
}
