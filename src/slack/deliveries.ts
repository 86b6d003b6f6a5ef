import sql from 'sql-template-tag';
import type { Database } from '../database/database.ts';

/** Slack delivers at least once, for up to five minutes. True for the first who takes this delivery. */
export async function takeDelivery(database: Database, id: string): Promise<boolean> {
  const taken = await database.query(
    sql`insert into slack_delivery (id) values (${id}) on conflict do nothing returning 1`,
  );
  return taken.length > 0;
}

/** What was taken could not be worked on: when it comes again, it counts. */
export async function giveBackDelivery(database: Database, id: string): Promise<void> {
  await database.query(sql`delete from slack_delivery where id = ${id}`);
}

export async function forgetOldDeliveries(database: Database): Promise<void> {
  await database.query(sql`delete from slack_delivery where at < now() - interval '1 hour'`);
}
