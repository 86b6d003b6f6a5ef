import pg from 'pg';
import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import { explained } from './database-setup.ts';
import { clientConfig } from './pool.ts';

/** Deadlines are set by one clock and compared with the other. */
const CLOCKS_MAY_DIFFER_MS = 5_000;

interface Answer {
  readonly now: number;
  readonly read_only: boolean;
  readonly may_create: boolean;
}

/**
 * Whether the database can be used, asked once at the start so that the answer is clear; warns of clocks that differ.
 * @throws DatabaseSetupError (`database_setup_invalid`)
 */
export function checkDatabase(
  url: string,
  { log, clock }: { readonly log: Logger; readonly clock: Pick<Clock, 'now'> },
): Promise<void> {
  return explained(url, async () => {
    const client = new pg.Client(clientConfig(url, 'handrail check'));
    client.on('error', (error) => log.debug({ reason: error.message }, 'the check broke off'));
    try {
      await client.connect();
      const asked = clock.now();
      const { rows } = await client.query<Answer>(`
        select extract(epoch from clock_timestamp()) * 1000 as now,
          current_setting('transaction_read_only')::bool or pg_is_in_recovery() as read_only,
          to_regclass('handrail_migration') is not null
            or has_database_privilege(current_database(), 'create')
              and coalesce(has_schema_privilege(current_schema(), 'create'), false) as may_create`);
      const [answer] = rows;
      if (answer?.read_only) throw asPostgresWould('25006', 'it is read-only');
      // tables of ours, and a schema of the workflow engine's own
      if (!answer?.may_create)
        throw asPostgresWould('42501', 'it may not create schemas and tables');
      warnOfSkew(log, Number(answer?.now) - (asked + clock.now()) / 2);
    } finally {
      await client.end().catch(() => {});
    }
  });
}

/** Asked before anything is made, so that nothing is half made when Postgres would refuse it. */
function asPostgresWould(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}

function warnOfSkew(log: Logger, databaseAheadMs: number): void {
  if (Math.abs(databaseAheadMs) <= CLOCKS_MAY_DIFFER_MS) return;
  const seconds = Math.round(Math.abs(databaseAheadMs) / 1000);
  log.warn(
    { thisMachineIs: `${seconds} s ${databaseAheadMs > 0 ? 'behind' : 'ahead'}` },
    'the clocks of this machine and of Postgres differ, so that approvals expire early or late: set both by NTP',
  );
}
