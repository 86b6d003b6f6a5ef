import { execFile } from 'node:child_process';
import { access, mkdir, readdir, readFile, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { pino } from 'pino';
import sql, { raw } from 'sql-template-tag';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { checkDatabase } from '../../src/database/check-database.ts';
import { startEmbeddedPostgres } from '../../src/database/embedded-postgres.ts';
import { connectDatabase } from '../../src/database/postgres.ts';
import { temporaryDataDir } from '../temporary-data-dir.ts';

const run = promisify(execFile);
const log = pino({ level: 'silent' });

/** Data of a Postgres that was stopped in good order. */
let good: Awaited<ReturnType<typeof temporaryDataDir>>;
beforeAll(async () => {
  good = await temporaryDataDir();
  const postgres = await startEmbeddedPostgres({ dataDir: good.path, log });
  await postgres.stop();
});
afterAll(() => good.remove());

let dataDir: string;
let cleanUp: (() => Promise<unknown>)[];
beforeEach(async () => {
  const directory = await temporaryDataDir();
  dataDir = join(directory.path, 'data');
  cleanUp = [directory.remove];
});
afterEach(async () => {
  for (const step of cleanUp.toReversed()) await step();
});

async function start(): Promise<string> {
  const postgres = await startEmbeddedPostgres({ dataDir, log });
  cleanUp.push(() => postgres.stop());
  return postgres.url;
}

const copyGood = () => run('cp', ['-a', good.path, dataDir]);
const file = (...names: string[]) => join(dataDir, 'cluster', ...names);
const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

describe('data that Postgres cannot use is left as it is, with the way out', () => {
  it.each<[string, () => Promise<unknown>, RegExp]>([
    [
      'it is of another major version',
      () => writeFile(file('PG_VERSION'), '14\n'),
      /does not start: its data is of Postgres 14, and this Handrail brings Postgres \d\d along: dump it/,
    ],
    [
      'its control file is lost',
      () => rm(file('global', 'pg_control')),
      /does not start: its data is not whole: restore it from a backup, or move `cluster`/,
    ],
    ['it was never whole', () => rm(file('PG_VERSION')), /does not start: its data is not whole/],
    [
      'it is something else',
      async () => {
        await rm(file(), { recursive: true });
        await mkdir(file());
        await writeFile(file('letter.txt'), 'dear');
      },
      /does not start: its (data is not whole|files belong to somebody else)/,
    ],
  ])('%s', async (_, spoil, says) => {
    await copyGood();
    await spoil();
    const before = (await readdir(file())).filter((name) => name !== 'postgresql.conf');

    const started = start();

    await expect(started).rejects.toMatchObject({ code: 'embedded_postgres_failed' });
    await expect(started).rejects.toThrow(says);
    await expect(started).rejects.toThrow(`Its log is ${join(dataDir, 'postgres.log')}`);
    const after = (await readdir(file())).filter((name) => name !== 'postgresql.conf');
    expect(after).toEqual(before);
  });
});

describe('what a killed start left behind does not matter', () => {
  it('half a data directory', async () => {
    await mkdir(file(), { recursive: true });
    await run('mv', [file(), `${file()}.new-${await deadPid()}`]);

    await expect(answer(await start())).resolves.toBe(1);

    expect((await readdir(dataDir)).filter((name) => name.includes('.new-'))).toEqual([]);
  });

  it('the lock of a process that is now another', async () => {
    await copyGood();
    await writeFile(file('postmaster.pid'), `${process.pid}\n${file()}\n`);

    await expect(answer(await start())).resolves.toBe(1);
  });

  async function deadPid(): Promise<number> {
    const { child } = run('true');
    await new Promise((resolve) => child.once('exit', resolve));
    return child.pid ?? 0;
  }
});

describe('a Postgres that asks for passwords', () => {
  it('refuses a wrong one, which the message does not spread', async () => {
    await copyGood();
    const url = await start();
    const database = await connectDatabase(url, { log });
    await database.query(raw(`create role locked login superuser password 'right'`));
    const rules = await readFile(file('pg_hba.conf'), 'utf8');
    await writeFile(file('pg_hba.conf'), `local all locked scram-sha-256\n${rules}`);
    await database.query(sql`select pg_reload_conf()`);
    await database.close();
    const wrong = url.replace(/\/\/[^@]*@/, '//locked:hunter2@');

    await vi.waitFor(async () => {
      const checked = checkDatabase(wrong, { log, clock: systemClock });
      await expect(checked).rejects.toThrow(
        /^Postgres at .* refuses locked \(password authentication failed.*\); check the user and the password/,
      );
      await expect(checked).rejects.not.toThrow(/hunter2/);
    });
    const right = wrong.replace('hunter2', 'right');
    await expect(checkDatabase(right, { log, clock: systemClock })).resolves.toBeUndefined();
  });
});

async function answer(url: string): Promise<unknown> {
  const database = await connectDatabase(url, { log });
  const rows = await database.query<{ one: number }>(sql`select 1 as one`);
  await database.close();
  return rows[0]?.one;
}

/** Resolves to false where this user may not mount. */
async function mountSmall(sizeMb: number): Promise<boolean> {
  await mkdir(dataDir);
  const options = `size=${sizeMb}m,mode=711`;
  const mounted = await run('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', dataDir]).then(
    () => true,
    () => false,
  );
  if (mounted) cleanUp.push(() => run('umount', ['-l', dataDir]));
  return mounted;
}

describe('a disk that is full', () => {
  it('keeps Postgres from being made, and half of it does not stay', async ({ skip }) => {
    skip(!(await mountSmall(20)), 'this user may not mount a file system to fill');

    const started = start();

    await expect(started).rejects.toMatchObject({ code: 'embedded_postgres_failed' });
    await expect(started).rejects.toThrow(
      /could not make its data directory .*: its disk is full: free some space .*\n.*No space left on device/,
    );
    expect(await exists(file())).toBe(false);
    expect((await readdir(dataDir)).filter((name) => name.startsWith('cluster'))).toEqual([]);
  });

  it('stops writes for as long as it is full, and no longer', async ({ skip }) => {
    skip(!(await mountSmall(200)), 'this user may not mount a file system to fill');
    await run('cp', ['-a', `${good.path}/.`, dataDir]);
    const database = await connectDatabase(await start(), { log });
    cleanUp.push(() => database.close());
    await database.query(sql`create table page (text text)`);
    const { bavail, bsize } = await statfs(dataDir);
    const ballast = join(dataDir, 'ballast');
    await run('fallocate', ['-l', String(bavail * bsize), ballast]);
    const write = () =>
      database.query(
        sql`insert into page select repeat(md5(n::text), 30) from generate_series(1, 5000) n`,
      );

    const full = write();

    await expect(full).rejects.toMatchObject({ code: 'database_unavailable' });
    await expect(full).rejects.toThrow(
      /^Postgres (cannot do it just now: .*No space left.*free some space on its disk|is not reachable)/,
    );
    await rm(ballast);
    await vi.waitFor(write, { timeout: 20_000, interval: 200 });
    expect(await database.query(sql`select count(*) as pages from page`)).toEqual([
      { pages: 5000 },
    ]);
  });
});
