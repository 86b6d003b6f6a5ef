import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { z } from 'zod';
import { errorMessage } from '../../errors.ts';

const run = promisify(execFile);

/** Whom Postgres runs as when Handrail itself is root, which Postgres refuses to be. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** A fixed environment: PGDATA, PGPORT and the like of the person who starts Handrail are not meant for this Postgres. */
export const plainEnvironment = { PATH: '/usr/bin:/bin:/usr/sbin:/sbin', LC_ALL: 'C' };

/** Runs a command to its end as the account, or as ourselves without one; rejects when it fails. */
export async function runAs(
  account: Account | undefined,
  command: string,
  args: readonly string[],
): Promise<string> {
  const { stdout } = await run(command, args, { ...account, cwd: '/', env: plainEnvironment });
  return stdout;
}

export async function succeedsAs(
  account: Account | undefined,
  command: string,
  args: readonly string[],
): Promise<boolean> {
  try {
    await runAs(account, command, args);
    return true;
  } catch {
    return false;
  }
}

const Failed = z.object({ stderr: z.string() });

/** What a command that failed said; without it, why it could not be run. */
export function outputOf(failure: unknown): string {
  return Failed.safeParse(failure).data?.stderr.trim() || errorMessage(failure);
}
