import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import sql, { raw } from 'sql-template-tag';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { checkDatabase } from '../../src/database/check-database.ts';
import type { Database } from '../../src/database/database.ts';
import { migrate } from '../../src/database/migrate.ts';
import { connectDatabase } from '../../src/database/postgres.ts';
import { emptyDatabase } from '../fresh-database.ts';
import { type DatabaseProxy, startProxy } from './proxy.ts';

const log = pino({ level: 'silent' });
const ROLE = `weak_${randomUUID().slice(0, 8)}`;
let server: Database;
let empty: Awaited<ReturnType<typeof emptyDatabase>>;
let proxy: DatabaseProxy;
beforeAll(async () => {
  server = await connectDatabase(inject('databaseUrl'), { log });
  empty = await emptyDatabase();
  proxy = await startProxy(empty.url);
  await server.query(raw(`create role ${ROLE} login connection limit 1 password 'right'`));
});
afterAll(async () => {
  await proxy.close();
  await empty.drop();
  await server.query(raw(`drop role ${ROLE}`));
  await server.close();
});

/** As a start does it. */
async function begin(url: string): Promise<void> {
  await checkDatabase(url, { log, clock: systemClock });
  await migrate(url, log);
}

function changed(change: (url: URL) => void, from = empty.url): string {
  const url = new URL(from);
  change(url);
  return url.href;
}

async function tablesIn(url: string): Promise<string[]> {
  const database = await connectDatabase(url, { log });
  const rows = await database.query<{ name: string }>(
    sql`select tablename as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema')`,
  );
  await database.close();
  return rows.map(({ name }) => name);
}

describe('a database that cannot be used is told from the others, with the way out', () => {
  it.each<[string, () => string, RegExp]>([
    [
      'nobody listens there',
      () => 'postgres://handrail:hunter2@127.0.0.1:9/handrail',
      /^Postgres at 127\.0\.0\.1:9 cannot be reached \(.*ECONNREFUSED.*\); see that it runs and that DATABASE_URL names its address/,
    ],
    [
      'its name is not known',
      () => 'postgres://handrail:hunter2@db.invalid/handrail',
      /^Postgres at db\.invalid:5432 cannot be reached \(getaddrinfo (ENOTFOUND|EAI_AGAIN) db\.invalid\)/,
    ],
    [
      'its socket is not there',
      () => 'postgres://handrail@localhost/handrail?host=/nowhere',
      /^Postgres at \/nowhere cannot be reached \(.*ENOENT/,
    ],
    [
      'there is no such database',
      () => changed((url) => Object.assign(url, { pathname: '/nosuch' })),
      /^There is no database nosuch in Postgres at .*; create it \(create database "nosuch"/,
    ],
    [
      'there is no such user',
      () => changed((url) => Object.assign(url, { username: 'stranger', password: 'hunter2' })),
      /^Postgres at .* refuses stranger \(.*"stranger" does not exist\); check the user and the password/,
    ],
    [
      'it takes no encrypted connections',
      () => changed((url) => url.searchParams.set('sslmode', 'require'), proxy.url),
      /^Postgres at 127\.0\.0\.1:\d+ takes no encrypted connections.*take sslmode out of DATABASE_URL/,
    ],
  ])('%s', async (_, url, says) => {
    const begun = begin(url());

    await expect(begun).rejects.toMatchObject({ code: 'database_setup_invalid' });
    await expect(begun).rejects.toThrow(says);
    await expect(begun).rejects.not.toThrow(/hunter2/);
    expect(await tablesIn(empty.url)).toEqual([]);
  });

  it.each(['nothing', 'create on schema public', 'create on database'])(
    'grants its user %s, which is not enough',
    async (right) => {
      const { url, drop } = await emptyDatabase();
      const database = await connectDatabase(url, { log });
      const name = new URL(url).pathname.slice(1);
      const object = right.endsWith('database') ? `${right} ${name}` : right;
      if (right !== 'nothing') await database.query(raw(`grant ${object} to ${ROLE}`));
      await database.close();

      const begun = begin(changed((each) => Object.assign(each, { username: ROLE }), url));

      await expect(begun).rejects.toThrow(
        /^weak_\w+ lacks a right in Postgres at .* \(it may not create.*\); make it the owner of its database \(alter database/,
      );
      expect(await tablesIn(url)).toEqual([]);
      await drop();
    },
  );

  it('takes no writes', async () => {
    const { url, drop } = await emptyDatabase();
    const name = new URL(url).pathname.slice(1);
    await server.query(raw(`alter database ${name} set default_transaction_read_only = on`));

    const begun = begin(url);

    await expect(begun).rejects.toThrow(
      new RegExp(`^The database ${name} at .* takes no writes.*the primary instead of a replica`),
    );
    expect(await tablesIn(url)).toEqual([]);
    await drop();
  });

  it('has no connection left', async () => {
    const url = changed((each) => Object.assign(each, { username: ROLE }));
    const only = await connectDatabase(url, { log });

    await expect(begin(url)).rejects.toThrow(
      /^Postgres at .* has no connection left.*max_connections/,
    );
    await only.close();
  });

  it('was used by a newer Handrail, whose tables are left as they are', async () => {
    const { url, drop } = await emptyDatabase();
    await migrate(url, log);
    const database = await connectDatabase(url, { log });
    await database.query(
      sql`insert into handrail_migration (name, run_on) values ('099-of-tomorrow', now())`,
    );

    await expect(begin(url)).rejects.toThrow(
      'The tables were made by a newer Handrail (099-of-tomorrow), which this one does not know: start that version',
    );
    const rows = await database.query<{ name: string }>(
      sql`select name from handrail_migration order by id desc limit 1`,
    );
    expect(rows).toEqual([{ name: '099-of-tomorrow' }]);
    await database.close();
    await drop();
  });
});

describe('a clock that differs from the one of Postgres', () => {
  it.each([
    [60_000, '60 s ahead'],
    [-60_000, '60 s behind'],
    [1_000, undefined],
  ])('by %i ms', async (aheadMs, says) => {
    const lines: string[] = [];
    const noting = pino({ level: 'warn' }, { write: (line) => void lines.push(line) });
    const clock = { now: () => Date.now() + aheadMs };

    await checkDatabase(empty.url, { log: noting, clock });

    const warned = lines.map((line) => JSON.parse(line));
    expect(warned.map(({ thisMachineIs }) => thisMachineIs)).toEqual(says ? [says] : []);
    expect(warned.every(({ msg }) => msg.endsWith('set both by NTP'))).toBe(true);
  });
});
