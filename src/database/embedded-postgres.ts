import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import type { Logger } from 'pino';
import { errorCode, errorMessage } from '../errors.ts';
import { isConnectionError } from './connection-errors.ts';
import { prepareBinaries } from './embedded/binaries.ts';
import { prepareServer, type Server, SUPERUSER } from './embedded/cluster.ts';
import { findHome } from './embedded/home.ts';
import { reachServer } from './embedded/postmaster.ts';
import { isServed } from './embedded/processes.ts';
import { runAs } from './embedded/run-as.ts';

const DATABASE = 'handrail';
const RETRY_MS = 1_000;
/**
 * Who uses the server is known to the server: each process holds this advisory lock shared while it does, and the one
 * that gets it exclusively is the last. Locks of killed processes go with their connections.
 */
const USERS_LOCK = 718_281_828;

export interface EmbeddedPostgres {
  readonly url: string;
  /** Ends Postgres, unless another Handrail still uses it. Close what is connected to it first. */
  stop(): Promise<void>;
}

/**
 * Starts, or adopts, the Postgres whose data is in `dataDir`, and starts it again whenever it dies, until `stop`.
 * It listens on a Unix socket only. About 2 s the first time, 0.2 s later.
 * @throws EmbeddedPostgresError (`embedded_postgres_failed`)
 */
export async function startEmbeddedPostgres(options: {
  readonly dataDir: string;
  readonly log: Logger;
}): Promise<EmbeddedPostgres> {
  const { dataDir, log } = options;
  const home = await findHome(dataDir, log);
  const server = await prepareServer(home, await prepareBinaries(home));
  const watch = await keepRunning(server, log);
  const host = encodeURIComponent(server.socketDir);
  return {
    url: `postgresql://${SUPERUSER}@localhost/${DATABASE}?host=${host}`,
    stop: watch.stop,
  };
}

async function keepRunning(server: Server, log: Logger): Promise<{ stop(): Promise<void> }> {
  let stopping = false;
  let reattaching = Promise.resolve();
  let attached = await attach();

  async function attach(): Promise<pg.Client | undefined> {
    while (!stopping) {
      const client = await reachServer(server, log);
      try {
        await client.query('select pg_advisory_lock_shared($1)', [USERS_LOCK]);
        await createDatabase(client);
        client.once('end', restart);
        return client;
      } catch (error) {
        await client.end().catch(() => {});
        // it went away again at once, as when its last user stops it this very moment
        if (!isConnectionError(error)) throw error;
      }
    }
    return undefined;
  }

  function restart(): void {
    if (stopping) return;
    log.warn({ home: server.home }, 'embedded Postgres is gone: starting it again');
    reattaching = reattach();
  }

  async function reattach(): Promise<void> {
    while (!stopping) {
      try {
        attached = await attach();
        return;
      } catch (error) {
        attached = undefined;
        log.error({ reason: errorMessage(error) }, 'embedded Postgres could not be started again');
        await delay(RETRY_MS);
      }
    }
  }

  return {
    async stop() {
      stopping = true;
      await reattaching;
      if (attached === undefined) return;
      if (await isLastUser(attached)) await shutDown(server);
      await attached.end().catch(() => {});
    },
  };
}

/** False as well when the server is gone: then there is nothing to stop. */
async function isLastUser(client: pg.Client): Promise<boolean> {
  try {
    await client.query('select pg_advisory_unlock_shared($1)', [USERS_LOCK]);
    const answer = await client.query('select pg_try_advisory_lock($1) as last', [USERS_LOCK]);
    return answer.rows[0]?.last === true;
  } catch {
    return false;
  }
}

async function shutDown({ account, binaries, cluster }: Server): Promise<void> {
  const stop = ['stop', `--pgdata=${cluster}`, '--wait', '--timeout=20', '--silent'];
  const pgCtl = join(binaries, 'pg_ctl');
  try {
    await runAs(account, pgCtl, [...stop, '--mode=fast']);
  } catch {
    // killed at this very moment it is stopped as well, and pg_ctl finds nobody to tell
    if (!(await isServed(cluster))) return;
    await runAs(account, pgCtl, [...stop, '--mode=immediate']);
  }
}

async function createDatabase(client: pg.Client): Promise<void> {
  const found = await client.query('select 1 from pg_database where datname = $1', [DATABASE]);
  if (found.rows.length > 0) return;
  try {
    await client.query(`create database ${DATABASE}`);
  } catch (error) {
    // duplicate_database, or unique_violation from two creating it at the same moment
    if (!['42P04', '23505'].includes(errorCode(error) ?? '')) throw error;
  }
}
