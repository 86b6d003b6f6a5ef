import { randomUUID } from 'node:crypto';
import sql, { type Sql } from 'sql-template-tag';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type AuditFacts, canonicalJson, chainHash } from '../../src/audit/audit-entry.ts';
import { appendAudit, auditHead, auditRows } from '../../src/audit/audit-log.ts';
import { type AuditAnchor, verifyAudit } from '../../src/audit/verify-audit.ts';
import { inEnglish } from '../../src/language/translate.ts';
import { type FreshDatabase, freshDatabase } from '../fresh-database.ts';

let fresh: FreshDatabase;

beforeAll(async () => {
  fresh = await freshDatabase();
});
afterAll(() => fresh.drop());

/** As somebody with all rights on the database would: with the triggers off. */
async function tamper(...statements: Sql[]): Promise<void> {
  await fresh.database.transaction(async (tx) => {
    await tx.query(sql`set local session_replication_role = replica`);
    for (const statement of statements) await tx.query(statement);
  });
}

beforeEach(async () => {
  await tamper(sql`delete from audit_entry`, sql`update audit_head set seq = 0, hash = ''`);
});

function facts(name: string): AuditFacts {
  return {
    phase: 'intent',
    who: { actor: 'handrail', requester: 'U0MINA', approvedBy: ['U0JUN'] },
    verb: 'evict',
    resource: { kind: 'Pod', namespace: 'payments', name, uid: randomUUID() },
    cluster: 'kr',
    run: 'r-1',
    traceId: 'f'.repeat(32),
    before: { node: 'kr-b-2' },
    after: { evicted: true },
  };
}

async function append(count: number): Promise<void> {
  for (let index = 1; index <= count; index += 1) {
    await fresh.database.transaction((tx) => appendAudit(tx, facts(`pod-${index}`)));
  }
}

async function faults(...anchors: AuditAnchor[]) {
  const verification = await verifyAudit(fresh.database, anchors);
  return verification.faults.map(({ seq, problem }) => `${seq}: ${inEnglish(problem)}`);
}

describe('an audit log that is being written to', () => {
  it('holds while it is verified', async () => {
    await append(20);
    let writing = true;
    const writers = [1, 2].map(async () => {
      while (writing) await append(1);
    });

    const found: unknown[] = [];
    for (let round = 0; round < 20; round += 1) found.push(...(await faults()));
    writing = false;
    await Promise.all(writers);

    expect(found).toEqual([]);
  });
});

describe('an audit log', () => {
  it('holds with texts that JSON and Postgres have no form for', async () => {
    await fresh.database.transaction((tx) =>
      appendAudit(tx, { ...facts('pod-1'), outcome: 'cut in the middle \ud83d\u0000' }),
    );

    expect(await verifyAudit(fresh.database)).toMatchObject({ entries: 1, faults: [] });
  });

  it('holds when it is empty', async () => {
    expect(await verifyAudit(fresh.database)).toEqual({
      entries: 0,
      head: { seq: 0, hash: '' },
      faults: [],
    });
  });

  it('holds as it was written', async () => {
    await append(5);

    const { entries, faults: found, head } = await verifyAudit(fresh.database);

    expect({ entries, found }).toEqual({ entries: 5, found: [] });
    expect(head.hash).toMatch(/^[0-9a-f]{64}$/);
  });

  it('is one chain however many append at once', async () => {
    await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        fresh.database.transaction((tx) => appendAudit(tx, facts(`pod-${index}`))),
      ),
    );

    expect(await faults()).toEqual([]);
    expect((await auditHead(fresh.database)).seq).toBe(20);
  });

  it('keeps nothing of a transaction that failed', async () => {
    await append(1);
    const failing = fresh.database.transaction(async (tx) => {
      await appendAudit(tx, facts('never'));
      throw new Error('the call was not made');
    });

    await expect(failing).rejects.toThrow('the call was not made');
    expect(await verifyAudit(fresh.database)).toMatchObject({ entries: 1, faults: [] });
  });

  it('refuses a change, a removal and a truncation by the application', async () => {
    await append(1);

    await expect(fresh.database.query(sql`update audit_entry set body = '{}'`)).rejects.toThrow(
      'append-only',
    );
    await expect(fresh.database.query(sql`delete from audit_entry`)).rejects.toThrow('append-only');
    await expect(fresh.database.query(sql`truncate audit_entry`)).rejects.toThrow('append-only');
  });

  it('gives its entries in order, page by page', async () => {
    await append(7);

    const seqs: number[] = [];
    for await (const { seq } of auditRows(fresh.database, 3)) seqs.push(seq);

    expect(seqs).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });
});

describe('verification finds', () => {
  it('a changed row', async () => {
    await append(5);
    await tamper(sql`update audit_entry set body = replace(body, 'U0JUN', 'U0EVE') where seq = 3`);

    expect(await faults()).toEqual(['3: its text does not give its hash: it was changed']);
  });

  it('a changed row whose hash was made to fit', async () => {
    await append(5);
    await tamper(sql`
      update audit_entry set body = replace(body, 'U0JUN', 'U0EVE'),
        hash = encode(sha256(convert_to(previous_hash || chr(10) || replace(body, 'U0JUN', 'U0EVE'), 'UTF8')), 'hex')
      where seq = 3`);

    expect(await faults()).toEqual([
      expect.stringMatching(/^4: it does not follow from the entry before it/),
    ]);
  });

  it('a removed row', async () => {
    await append(5);
    await tamper(sql`delete from audit_entry where seq = 3`);

    expect(await faults()).toEqual(['4: entry 3 is missing before this one: removed']);
  });

  it('rows removed from the end', async () => {
    await append(5);
    await tamper(sql`delete from audit_entry where seq > 3`);

    expect(await faults()).toEqual([
      expect.stringMatching(/^4: the log ends at 3, but 5 entries were written/),
    ]);
  });

  it('a row added at the end', async () => {
    await append(3);
    await tamper(
      sql`insert into audit_entry select 4, hash, hash, body from audit_entry where seq = 3`,
    );

    expect(await faults()).toContainEqual(
      expect.stringMatching(/^4: its text says that it is entry 3/),
    );
  });

  it('a row added at the end that follows from the one before it', async () => {
    await append(3);
    const { hash } = await auditHead(fresh.database);
    const body = canonicalJson({ ...facts('pod-4'), seq: 4, at: new Date().toISOString() });
    await tamper(
      sql`insert into audit_entry values (4, ${hash}, ${chainHash(hash, body)}, ${body})`,
    );

    expect(await faults()).toEqual([
      '4: the log ends at 4, but 3 entries were written: entries were added at its end',
    ]);
  });

  it('two rows that changed places', async () => {
    await append(4);
    await tamper(
      sql`update audit_entry set seq = 100 where seq = 2`,
      sql`update audit_entry set seq = 2 where seq = 3`,
      sql`update audit_entry set seq = 3 where seq = 100`,
    );

    expect(await faults()).toContainEqual(
      expect.stringMatching(/^2: its text says that it is entry 3: it was moved/),
    );
  });

  it('a log rewritten from some point on, by an anchor noted elsewhere', async () => {
    await append(4);
    const noted = await auditHead(fresh.database);
    await tamper(sql`delete from audit_entry`, sql`update audit_head set seq = 0, hash = ''`);
    await append(4);

    expect(await faults()).toEqual([]);
    expect(await faults(noted)).toEqual([expect.stringMatching(/^4: .* the log was rewritten$/)]);
  });
});
