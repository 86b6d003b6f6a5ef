import fc from 'fast-check';
import sql, { type Sql } from 'sql-template-tag';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { appendAudit } from '../../src/audit/audit-log.ts';
import { verifyAudit } from '../../src/audit/verify-audit.ts';
import { type FreshDatabase, freshDatabase } from '../fresh-database.ts';

const ENTRIES = 12;
let fresh: FreshDatabase;

beforeAll(async () => {
  fresh = await freshDatabase();
  for (let index = 1; index <= ENTRIES; index += 1) {
    await fresh.database.transaction((tx) =>
      appendAudit(tx, {
        phase: 'intent',
        who: { actor: 'handrail', requester: 'U0MINA', approvedBy: ['U0JUN'] },
        verb: 'evict',
        resource: { kind: 'Pod', namespace: 'payments', name: `api-${index}`, uid: `uid-${index}` },
        cluster: 'kr',
        run: 'r-1',
        traceId: 'f'.repeat(32),
        before: {},
        after: {},
      }),
    );
  }
  await fresh.database.query(sql`create table as_written as select * from audit_entry`);
});
afterAll(() => fresh.drop());

const seq = fc.integer({ min: 1, max: ENTRIES });
const digit = (at: number) => sql`case when substr(hash, ${at}, 1) = '0' then '1' else '0' end`;

/** Any one change that somebody with all rights could make to one row. */
const tampering: fc.Arbitrary<{ what: string; statement: Sql }> = fc.oneof(
  seq.map((at) => ({
    what: `remove ${at}`,
    statement: sql`delete from audit_entry where seq = ${at}`,
  })),
  fc.tuple(seq, fc.integer({ min: 1, max: 64 })).map(([at, position]) => ({
    what: `turn digit ${position} of hash ${at}`,
    statement: sql`update audit_entry set hash = overlay(hash placing ${digit(position)} from ${position} for 1) where seq = ${at}`,
  })),
  fc.tuple(seq, fc.integer({ min: 1, max: 200 })).map(([at, position]) => ({
    what: `change character ${position} of ${at}`,
    statement: sql`update audit_entry set body = overlay(body placing chr(ascii(substr(body, ${position}, 1)) % 90 + 33) from ${position} for 1) where seq = ${at}`,
  })),
  seq.map((at) => ({
    what: `add a copy of ${at} at the end`,
    statement: sql`insert into audit_entry select ${ENTRIES + 1}, (select hash from audit_head), hash, body from audit_entry where seq = ${at}`,
  })),
);

async function withoutTriggers(...statements: Sql[]): Promise<void> {
  await fresh.database.transaction(async (tx) => {
    await tx.query(sql`set local session_replication_role = replica`);
    for (const statement of statements) await tx.query(statement);
  });
}

/** Each case begins with the log as it was written. */
async function faultsAfter(statement: Sql): Promise<number> {
  await withoutTriggers(statement);
  const { faults } = await verifyAudit(fresh.database);
  await withoutTriggers(
    sql`delete from audit_entry`,
    sql`insert into audit_entry select * from as_written`,
  );
  return faults.length;
}

it('verification finds any single change to the audit log', async () => {
  await fc.assert(
    fc.asyncProperty(tampering, async ({ statement }) => {
      expect(await faultsAfter(statement)).toBeGreaterThan(0);
    }),
    { numRuns: 100 },
  );
  expect((await verifyAudit(fresh.database)).faults).toEqual([]);
});
