import { createHash } from 'node:crypto';
import { access, chown, lstat, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EmbeddedPostgresError } from '../database-errors.ts';
import type { Home } from './home.ts';
import { lastWords, wayOutOf } from './last-words.ts';
import { isAlive } from './processes.ts';
import { type Account, outputOf, runAs } from './run-as.ts';

/** One Postgres that may run or not: all that is needed to start it, reach it and stop it. */
export interface Server {
  readonly home: string;
  readonly account: Account | undefined;
  readonly binaries: string;
  /** PGDATA. */
  readonly cluster: string;
  readonly socketDir: string;
}

/** The superuser: reachable only through a socket directory that nobody else may enter. */
export const SUPERUSER = 'handrail';
/** Names of Unix sockets are limited to 103 bytes (macOS) or 107 (Linux), the file's own name included. */
const LONGEST_SOCKET_DIR = 103 - '/.s.PGSQL.5432'.length;

/** Makes what is missing: the cluster (once, about a second) and the socket directory. Safe against racing starters. */
export async function prepareServer(home: Home, binaries: string): Promise<Server> {
  const server = {
    home: home.path,
    account: home.account,
    binaries,
    cluster: join(home.path, 'cluster'),
    socketDir: socketDirectory(home.path),
  };
  await makePrivate(server.socketDir, server.account);
  await removeUnfinished(server.home);
  const exists = await access(join(server.cluster, 'PG_VERSION')).then(
    () => true,
    () => false,
  );
  if (!exists) await initialise(server);
  return server;
}

/** Not os.tmpdir(): two starters must come to the same answer whatever their environment says. */
function socketDirectory(home: string): string {
  const inside = join(home, 'socket');
  if (Buffer.byteLength(inside) <= LONGEST_SOCKET_DIR) return inside;
  return `/tmp/handrail-${createHash('sha256').update(home).digest('hex').slice(0, 16)}`;
}

/** Whoever could enter the directory could be the superuser, so somebody else's directory of that name is refused. */
async function makePrivate(directory: string, account: Account | undefined): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const { uid, mode } = await lstat(directory);
  const isOurs = uid === process.getuid?.() || uid === account?.uid;
  if (isOurs && (mode & 0o077) === 0) {
    if (account) await chown(directory, account.uid, account.gid);
    return;
  }
  throw new EmbeddedPostgresError(
    `Embedded Postgres cannot use ${directory}: it is open to others, or belongs to uid ${uid}; remove it and start again`,
    { data: { directory, uid } },
  );
}

/** Under a name of its own first: a cluster half made when the process was killed is never taken for a whole one. */
async function initialise(server: Server): Promise<void> {
  const unfinished = `${server.cluster}.new-${process.pid}`;
  await rm(unfinished, { recursive: true, force: true });
  await makePrivate(unfinished, server.account);
  try {
    await runAs(server.account, join(server.binaries, 'initdb'), [
      `--pgdata=${unfinished}`,
      `--username=${SUPERUSER}`,
      '--auth=trust',
      '--encoding=UTF8',
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
    ]);
  } catch (cause) {
    await rm(unfinished, { recursive: true, force: true });
    throw initFailed(server, cause);
  }
  try {
    await rename(unfinished, server.cluster);
  } catch {
    // a racing starter was first; its cluster is the one
    await rm(unfinished, { recursive: true, force: true });
  }
}

function initFailed({ cluster }: Server, cause: unknown): EmbeddedPostgresError {
  const said = outputOf(cause);
  const why = wayOutOf(said) ?? 'see its last words';
  return new EmbeddedPostgresError(
    `Embedded Postgres could not make its data directory ${cluster}: ${why}.\n${lastWords(said)}`,
    { cause, data: { cluster } },
  );
}

async function removeUnfinished(home: string): Promise<void> {
  for (const name of await readdir(home)) {
    const starter = /^cluster\.new-(\d+)$/.exec(name)?.[1];
    if (starter === undefined || isAlive(Number(starter))) continue;
    await rm(join(home, name), { recursive: true, force: true });
  }
}

/** Written before every start, whole and at once: a Postgres that read half of it would listen on the network. */
export async function writeSettings(server: Server): Promise<void> {
  const path = join(server.cluster, 'postgresql.conf');
  const socketDir = server.socketDir.replaceAll("'", "''").replaceAll('"', '""');
  const unfinished = `${path}.${process.pid}`;
  await writeFile(
    unfinished,
    `# Written by Handrail at each start: changes here do not last.
listen_addresses = ''
port = 5432
unix_socket_directories = '"${socketDir}"'
unix_socket_permissions = 0700
max_connections = 100
shared_buffers = 64MB
max_wal_size = 256MB
# /dev/shm is small in many containers
max_parallel_workers_per_gather = 0
timezone = 'UTC'
log_timezone = 'UTC'
log_checkpoints = off
lc_messages = 'C'
`,
  );
  if (server.account) await chown(unfinished, server.account.uid, server.account.gid);
  await rename(unfinished, path);
}
