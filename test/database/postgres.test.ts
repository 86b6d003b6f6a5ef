import sql from 'sql-template-tag';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FreshDatabase, freshDatabase } from '../fresh-database.ts';

let fresh: FreshDatabase;
beforeAll(async () => {
  fresh = await freshDatabase();
});
afterAll(() => fresh.drop());

describe('connectDatabase', () => {
  it('gives numbers for bigint, dates for timestamptz and values for jsonb', async () => {
    const rows = await fresh.database.query(
      sql`select 7::bigint as count, timestamptz '2026-11-24T03:00:00Z' as at, ${JSON.stringify({ a: [1] })}::jsonb as body`,
    );

    expect(rows).toEqual([{ count: 7, at: new Date('2026-11-24T03:00:00Z'), body: { a: [1] } }]);
  });
});
