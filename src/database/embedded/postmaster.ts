import { spawn } from 'node:child_process';
import { open, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { Logger } from 'pino';
import { errorCode, errorMessage } from '../../errors.ts';
import { isConnectionError } from '../connection-errors.ts';
import { EmbeddedPostgresError } from '../database-errors.ts';
import { type Server, SUPERUSER, writeSettings } from './cluster.ts';
import { lastWords, wayOutOf } from './last-words.ts';
import { endProcess, orphansIn, worksIn } from './processes.ts';
import { plainEnvironment } from './run-as.ts';

/** Crash recovery of a big database takes a while. */
const START_TIMEOUT_MS = 120_000;
const POLL_MS = 25;
const RETRY_MS = 200;
const LARGEST_LOG_BYTES = 10 * 1024 * 1024;

/**
 * A connection to the server, which is started first when it does not run. One that runs already, left by a killed
 * process or started by a peer, is adopted; of several racing starters Postgres' own lock file lets one through.
 * @throws EmbeddedPostgresError (`embedded_postgres_failed`) with the last lines of the server's log
 */
export async function reachServer(server: Server, log: Logger): Promise<pg.Client> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  let said = 'it did not answer';
  while (Date.now() < deadline) {
    const found = await connect(server);
    if (found instanceof pg.Client) return found;
    if (found === 'absent') {
      const started = await start(server);
      if (started instanceof pg.Client) return started;
      said = started;
      await clearTheWay({ server, log, said });
    }
    await delay(RETRY_MS);
  }
  throw startFailed(server, said);
}

/** `absent`: nobody listens. `busy`: somebody does, and is starting up or shutting down. */
async function connect(server: Server): Promise<pg.Client | 'absent' | 'busy'> {
  const client = new pg.Client({
    host: server.socketDir,
    user: SUPERUSER,
    database: 'postgres',
    application_name: 'handrail supervisor',
    connectionTimeoutMillis: 5_000,
  });
  // without a listener the end of the server would end this process; `end` follows and is what counts
  client.on('error', () => {});
  try {
    await client.connect();
    return client;
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ECONNREFUSED') return 'absent';
    if (isConnectionError(error)) return 'busy';
    throw new EmbeddedPostgresError(
      `Embedded Postgres in ${server.home} refuses its own user: ${errorMessage(error)}`,
      { cause: error },
    );
  }
}

/** Runs until it accepts connections, or ends; then its last words are returned. */
async function start(server: Server): Promise<pg.Client | string> {
  await writeSettings(server);
  const logPath = join(server.home, 'postgres.log');
  const logStart = await rotatedSize(logPath);
  const log = await open(logPath, 'a');
  // detached: Ctrl-C in the terminal is for Handrail, which stops Postgres last
  const postmaster = spawn(join(server.binaries, 'postgres'), ['-D', server.cluster], {
    ...server.account,
    cwd: '/',
    env: plainEnvironment,
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
  });
  postmaster.unref();
  let ended: string | undefined;
  postmaster.once('error', (error) => {
    ended = error.message;
  });
  postmaster.once('exit', () => {
    ended ??= '';
  });
  await log.close();
  while (ended === undefined) {
    const client = await connect(server);
    if (client instanceof pg.Client) return client;
    await delay(POLL_MS);
  }
  return ended || (await readFile(logPath)).subarray(logStart).toString().trim();
}

async function rotatedSize(logPath: string): Promise<number> {
  const { size } = await stat(logPath).catch(() => ({ size: 0 }));
  if (size < LARGEST_LOG_BYTES) return size;
  await rename(logPath, `${logPath}.old`);
  return 0;
}

/** Removes what a killed Postgres left in the way; anything else that keeps it from starting is for a person. */
async function clearTheWay(failed: { server: Server; log: Logger; said: string }) {
  const { server, log, said } = failed;
  if (said.includes('shared memory block')) {
    await endOrphans(server, log);
  } else if (said.includes('lock file')) {
    await removeStaleLocks(server, log);
  } else {
    throw startFailed(server, said);
  }
}

/** There is no postmaster that could mind: SIGKILL costs a recovery that is due anyway. */
async function endOrphans(server: Server, log: Logger): Promise<void> {
  for (const pid of await orphansIn(server.cluster)) {
    log.warn({ pid, cluster: server.cluster }, 'ending a backend that outlived its Postgres');
    endProcess(pid);
  }
}

/**
 * Postgres takes its lock files for valid when a process of that id exists: a zombie under an init that is slow to reap or
 * never does, or, after a restart of the machine, anything at all. They are stale when that process does not work in the
 * cluster.
 */
async function removeStaleLocks(server: Server, log: Logger): Promise<void> {
  if (process.platform !== 'linux') return;
  const locks = [
    join(server.cluster, 'postmaster.pid'),
    join(server.socketDir, '.s.PGSQL.5432.lock'),
  ];
  for (const lock of locks) {
    const pid = Number.parseInt(await readFile(lock, 'utf8').catch(() => ''), 10);
    if (Number.isNaN(pid) || (await worksIn(pid, server.cluster))) continue;
    log.warn({ pid, lock }, 'removing the lock of a Postgres that is gone');
    await endOrphans(server, log);
    await rm(lock, { force: true });
  }
}

function startFailed(server: Server, said: string): EmbeddedPostgresError {
  const why = wayOutOf(said) ?? 'see its last words';
  return new EmbeddedPostgresError(
    `Embedded Postgres in ${server.home} does not start: ${why}.\n${lastWords(said)}\nIts log is ${join(server.home, 'postgres.log')}.`,
    { data: { home: server.home } },
  );
}
