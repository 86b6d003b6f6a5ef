import { stat } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { EmbeddedPostgresError } from '../database-errors.ts';
import { type Account, runAs } from './run-as.ts';

/** Accounts that most machines have. None is ever created: that is the machine's owner's business. */
const UNPRIVILEGED = ['postgres', 'nobody'];

/**
 * Whom to run Postgres as: undefined for ourselves. Data that is there already stays with its owner.
 * @param cluster the Postgres data directory, which need not exist
 * @throws EmbeddedPostgresError (`embedded_postgres_failed`) where there is no account that Postgres could start as
 */
export async function serverAccount(cluster: string): Promise<Account | undefined> {
  const uid = process.getuid?.();
  if (uid === undefined) throw unsupportedPlatform();
  if (uid !== 0) {
    requirePasswdEntry(uid);
    return undefined;
  }
  return (await ownerOf(cluster)) ?? (await existingAccount());
}

/** Postgres looks its user up by uid and gives up without an entry, as under OpenShift's random uids. */
function requirePasswdEntry(uid: number): void {
  try {
    userInfo();
  } catch (cause) {
    throw new EmbeddedPostgresError(
      `Embedded Postgres cannot run as uid ${uid}: it has no entry in /etc/passwd; set DATABASE_URL to a Postgres of your own`,
      { cause, data: { uid } },
    );
  }
}

async function ownerOf(cluster: string): Promise<Account | undefined> {
  const owner = await stat(cluster).catch(() => undefined);
  return owner === undefined || owner.uid === 0 ? undefined : { uid: owner.uid, gid: owner.gid };
}

async function existingAccount(): Promise<Account> {
  for (const name of UNPRIVILEGED) {
    try {
      const uid = Number(await runAs(undefined, 'id', ['-u', name]));
      return { uid, gid: Number(await runAs(undefined, 'id', ['-g', name])) };
    } catch {
      // no such account on this machine: the next one
    }
  }
  throw new EmbeddedPostgresError(
    `Embedded Postgres cannot run as root, and there is no account ${UNPRIVILEGED.join(' or ')} to run it as; start Handrail as another user, or set DATABASE_URL`,
  );
}

function unsupportedPlatform(): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    `Embedded Postgres needs Linux or macOS, not ${process.platform}; set DATABASE_URL to a Postgres of your own`,
  );
}
