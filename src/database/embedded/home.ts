import { access, chmod, mkdir, mkdtemp, realpath, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { errorCode } from '../../errors.ts';
import { EmbeddedPostgresError } from '../database-errors.ts';
import { serverAccount } from './account.ts';
import { type Account, succeedsAs } from './run-as.ts';

/** Where all of one embedded Postgres lives: `cluster/` (its data), `socket/`, `postgres.log`, perhaps its binaries. */
export interface Home {
  readonly path: string;
  readonly account: Account | undefined;
}

/** A link in the data directory to where the data really is, when Postgres cannot reach it there. */
const ELSEWHERE = 'elsewhere';
const SHARED_HOMES = '/var/lib/handrail';

/**
 * The data directory itself, wherever Postgres can reach it. Started as root below a private directory such as /root,
 * where the unprivileged account cannot go, the data lives under /var/lib/handrail and a link says so.
 * @throws EmbeddedPostgresError (`embedded_postgres_failed`)
 */
export async function findHome(dataDir: string, log: Logger): Promise<Home> {
  await mkdir(dataDir, { recursive: true });
  const elsewhere = await realpath(join(dataDir, ELSEWHERE)).catch(() => undefined);
  const path = elsewhere ?? (await realpath(dataDir));
  const account = await serverAccount(join(path, 'cluster'));
  if (account === undefined || (await canEnter(account, path))) return { path, account };
  await refuseToLeaveData(path, account);
  return { path: await moveElsewhere(path, log), account };
}

function canEnter(account: Account, directory: string): Promise<boolean> {
  return succeedsAs(account, '/bin/sh', ['-c', 'cd "$0"', directory]);
}

async function refuseToLeaveData(path: string, account: Account): Promise<void> {
  const cluster = join(path, 'cluster');
  const exists = await access(cluster).then(
    () => true,
    () => false,
  );
  if (!exists) return;
  throw new EmbeddedPostgresError(
    `Embedded Postgres cannot reach its data in ${cluster} as uid ${account.uid}: a directory above it is closed to others; open it (chmod o+x), move the data, or set HANDRAIL_DATA_DIR`,
    { data: { cluster, uid: account.uid } },
  );
}

/** The link is what counts: whoever of several racing starters makes it first decides. */
async function moveElsewhere(dataDir: string, log: Logger): Promise<string> {
  const link = join(dataDir, ELSEWHERE);
  try {
    await mkdir(SHARED_HOMES, { recursive: true, mode: 0o755 });
    const home = await mkdtemp(join(SHARED_HOMES, 'postgres-'));
    await chmod(home, 0o755);
    if (!(await claim(link, home))) await rm(home, { recursive: true });
    const path = await realpath(link);
    log.info(
      { dataDir, path },
      'the database lives outside the data directory: Postgres cannot reach it there',
    );
    return path;
  } catch (cause) {
    throw new EmbeddedPostgresError(
      `Embedded Postgres cannot reach ${dataDir} (a directory above it is closed to others), and ${SHARED_HOMES} cannot be used instead; set HANDRAIL_DATA_DIR to a directory open to others, or DATABASE_URL`,
      { cause, data: { dataDir } },
    );
  }
}

async function claim(link: string, home: string): Promise<boolean> {
  try {
    await symlink(home, link);
    return true;
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
    const dangling = await realpath(link).then(
      () => false,
      () => true,
    );
    if (!dangling) return false;
    await rm(link, { force: true });
    return claim(link, home);
  }
}
