import sql from 'sql-template-tag';
import type { Queryable } from '../src/database/database.ts';

/** What a request leaves behind once it was taken: compared before and after one that must not be. */
export async function footprint(database: Queryable): Promise<unknown> {
  const [counts] = await database.query(sql`
    select (select count(*) from run) as runs,
      (select count(*) from target_lock) as locks,
      (select count(*) from journal) as journal,
      (select count(*) from audit_entry) as audit,
      (select count(*) from timeline_event) as timeline,
      (select count(*) from approval_vote) as votes,
      (select count(*) from approval where status <> 'pending') as decided,
      (select count(*) from outbox_message) as outbox`);
  return counts;
}
