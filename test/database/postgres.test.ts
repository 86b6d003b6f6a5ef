import { pino } from 'pino';
import sql, { raw } from 'sql-template-tag';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Queryable } from '../../src/database/database.ts';
import { connectDatabase } from '../../src/database/postgres.ts';
import { type FreshDatabase, freshDatabase } from '../fresh-database.ts';

let fresh: FreshDatabase;
beforeAll(async () => {
  fresh = await freshDatabase();
  await fresh.database.query(sql`create table thing (name text primary key)`);
});
afterAll(() => fresh.drop());

async function things(prefix: string): Promise<string[]> {
  const rows = await fresh.database.query<{ name: string }>(
    sql`select name from thing where name like ${`${prefix}%`} order by name`,
  );
  return rows.map(({ name }) => name);
}

/** Every connection to this database but the one that asks. */
async function endOtherConnections(): Promise<void> {
  const other = await connectDatabase(fresh.url, { log: pino({ level: 'silent' }) });
  await other.query(sql`
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()`);
  await other.close();
}

function endOwnConnection(queryable: Queryable): Promise<unknown> {
  return queryable.query(sql`select pg_terminate_backend(pg_backend_pid())`);
}

describe('query', () => {
  it('gives numbers for bigint, dates for timestamptz and values for jsonb', async () => {
    const rows = await fresh.database.query(
      sql`select 7::bigint as count, timestamptz '2026-11-24T03:00:00Z' as at, ${JSON.stringify({ a: [1] })}::jsonb as body`,
    );

    expect(rows).toEqual([{ count: 7, at: new Date('2026-11-24T03:00:00Z'), body: { a: [1] } }]);
  });

  it('passes on what Postgres refuses, with its SQLSTATE', async () => {
    await fresh.database.query(sql`insert into thing values ('taken')`);

    const again = fresh.database.query(sql`insert into thing values ('taken')`);

    await expect(again).rejects.toMatchObject({ code: '23505' });
  });

  it('raises database_unavailable when the connection breaks under the statement', async () => {
    await expect(endOwnConnection(fresh.database)).rejects.toMatchObject({
      code: 'database_unavailable',
    });
  });

  it("raises database_unavailable when the server has no time for it, or is in each other's way", async () => {
    const slow = fresh.database.transaction(async (tx) => {
      await tx.query(sql`set local statement_timeout = 20`);
      await tx.query(sql`select pg_sleep(5)`);
    });
    await expect(slow).rejects.toMatchObject({ code: 'database_unavailable' });

    await fresh.database.query(sql`insert into thing values ('held')`);
    await fresh.database.transaction(async (holder) => {
      await holder.query(sql`select 1 from thing where name = 'held' for update`);
      const waiting = fresh.database.query(
        sql`select 1 from thing where name = 'held' for update nowait`,
      );
      await expect(waiting).rejects.toMatchObject({ code: 'database_unavailable' });
    });
  });

  it('works again after all connections were ended', async () => {
    await Promise.all([things('a'), things('b'), things('c')]);

    await endOtherConnections();

    await vi.waitFor(async () => expect(await things('none')).toEqual([]));
  });
});

describe('connectDatabase', () => {
  it('gives up a server that cannot be reached, in the time it is given', async () => {
    const nowhere = connectDatabase('postgresql://handrail@localhost/handrail?host=/nowhere', {
      log: pino({ level: 'silent' }),
      reachTimeoutMs: 200,
    });

    await expect(nowhere).rejects.toMatchObject({ code: 'database_unavailable' });
  });
});

describe('transaction', () => {
  it('commits all of it', async () => {
    await fresh.database.transaction(async (tx) => {
      await tx.query(sql`insert into thing values ('both-1')`);
      await tx.query(sql`insert into thing values ('both-2')`);
    });

    expect(await things('both')).toEqual(['both-1', 'both-2']);
  });

  it('leaves nothing behind when the work throws, and throws what it threw', async () => {
    const failed = fresh.database.transaction(async (tx) => {
      await tx.query(sql`insert into thing values ('half-1')`);
      throw new Error('changed my mind');
    });

    await expect(failed).rejects.toThrow('changed my mind');
    expect(await things('half')).toEqual([]);
  });

  it('leaves nothing behind when the connection breaks, and is not repeated', async () => {
    let attempts = 0;

    const broken = fresh.database.transaction(async (tx) => {
      attempts += 1;
      await tx.query(sql`insert into thing values ('torn')`);
      await endOwnConnection(tx);
    });

    await expect(broken).rejects.toMatchObject({ code: 'database_unavailable' });
    expect(attempts).toBe(1);
    expect(await things('torn')).toEqual([]);
  });

  it('cannot be committed by work that hides a failed statement', async () => {
    const hidden = fresh.database.transaction(async (tx) => {
      await tx.query(sql`insert into thing values ('hidden')`);
      await tx.query(raw('select 1 / 0')).catch(() => {});
    });

    await expect(hidden).rejects.toMatchObject({ code: 'transaction_aborted' });
    expect(await things('hidden')).toEqual([]);
  });
});

describe('listen', () => {
  async function notify(channel: string, payload: string): Promise<void> {
    await fresh.database.query(sql`select pg_notify(${channel}, ${payload})`);
  }

  it('hears what is notified on its channel, until it stops', async () => {
    const heard: string[] = [];
    const all: string[] = [];
    const stop = await fresh.database.listen('Odd "name"', (payload) => heard.push(payload));
    await fresh.database.listen('Odd "name"', (payload) => all.push(payload));
    await notify('elsewhere', 'not for us');
    await notify('Odd "name"', 'first');
    await vi.waitFor(() => expect(all).toEqual(['first']));

    await stop();
    await notify('Odd "name"', 'second');

    await vi.waitFor(() => expect(all).toEqual(['first', 'second']));
    expect(heard).toEqual(['first']);
  });

  it('hears again after its connection was ended', async () => {
    const heard: string[] = [];
    await fresh.database.listen('again', (payload) => heard.push(payload));

    await endOtherConnections();

    await vi.waitFor(
      async () => {
        await notify('again', 'still there');
        expect(heard).toContain('still there');
      },
      { timeout: 10_000, interval: 100 },
    );
  });
});
