import sql from 'sql-template-tag';
import type { Database, Queryable } from '../database/database.ts';

/** The engine's own tables are read here and nowhere else. Their names belong to the pinned version. */
export const APPLICATION = 'handrail';

/** Executors that have unfinished runs of this version, but have not beaten for a while, or have gone for good. */
export async function desertedExecutors(
  database: Database,
  { version, staleAfterMs }: { version: string; staleAfterMs: number },
): Promise<string[]> {
  const rows = await database.query<{ executor_id: string }>(sql`
    select distinct executor_id from dbos.workflow_status
    where status = 'PENDING' and application_name = ${APPLICATION} and application_version = ${version}
      and executor_id not in (
        select id from executor where beat_at > now() - make_interval(secs => ${staleAfterMs / 1_000}::float8)
      )`);
  return rows.map((row) => row.executor_id);
}

/** Unfinished runs of versions that no living executor has. */
export async function strandedRuns(
  database: Database,
  { version, staleAfterMs }: { version: string; staleAfterMs: number },
): Promise<{ runId: string; version: string }[]> {
  return database.query(sql`
    select workflow_uuid as "runId", application_version as version from dbos.workflow_status
    where status in ('PENDING', 'ENQUEUED') and application_name = ${APPLICATION}
      and application_version <> ${version}
      and application_version not in (
        select application_version from executor
        where beat_at > now() - make_interval(secs => ${staleAfterMs / 1_000}::float8)
      )
    order by created_at`);
}

/** Changes each time that somebody begins to carry out the run; undefined while nobody does. */
export async function ownerOf(queryable: Queryable, runId: string): Promise<string | undefined> {
  const [row] = await queryable.query<{ owner_xid: string | null }>(
    sql`select owner_xid from dbos.workflow_status where workflow_uuid = ${runId}`,
  );
  return row?.owner_xid ?? undefined;
}
