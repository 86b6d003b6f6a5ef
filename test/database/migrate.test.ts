import { pino } from 'pino';
import sql from 'sql-template-tag';
import { expect, it } from 'vitest';
import { migrate } from '../../src/database/migrate.ts';
import { connectDatabase } from '../../src/database/postgres.ts';
import { emptyDatabase } from '../fresh-database.ts';

const log = pino({ level: 'silent' });

it('makes the tables once, however many processes start at the same time and later', async () => {
  const { url, drop } = await emptyDatabase();

  await Promise.all([migrate(url, log), migrate(url, log), migrate(url, log)]);
  await migrate(url, log);

  const database = await connectDatabase(url, { log });
  const applied = await database.query<{ name: string }>(
    sql`select name from handrail_migration order by id`,
  );
  expect(applied.slice(0, 2)).toEqual([{ name: '001-runs' }, { name: '002-audit' }]);
  expect(await database.query(sql`select count(*) as runs from run`)).toEqual([{ runs: 0 }]);
  await database.close();
  await drop();
});

it('keeps an audit entry from being changed', async () => {
  const { url, drop } = await emptyDatabase();
  await migrate(url, log);
  const database = await connectDatabase(url, { log });
  await database.query(sql`insert into audit_entry values (1, '', 'h', '{}')`);

  const change = database.query(sql`update audit_entry set body = '{"a":1}'`);

  await expect(change).rejects.toThrow('append-only');
  await database.close();
  await drop();
});
