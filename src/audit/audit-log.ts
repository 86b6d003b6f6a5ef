import sql from 'sql-template-tag';
import type { Queryable, Transaction } from '../database/database.ts';
import { type AuditFacts, type AuditRow, canonicalJson, chainHash } from './audit-entry.ts';

interface Head {
  readonly seq: number;
  readonly hash: string;
}

/**
 * Appends one entry in the caller's transaction: if it cannot be written, what it speaks of must not be done.
 * Appenders queue for the head's row, so the chain has no forks.
 */
export async function appendAudit(
  tx: Transaction,
  facts: AuditFacts,
  at: number = Date.now(),
): Promise<Head> {
  const [head] = await tx.query<Head>(sql`select seq, hash from audit_head for update`);
  if (head === undefined)
    throw new Error('audit_head has no row: the audit tables were changed by hand');
  const seq = head.seq + 1;
  const body = canonicalJson({ ...facts, seq, at: new Date(at).toISOString() });
  const hash = chainHash(head.hash, body);
  await tx.query(sql`
    insert into audit_entry (seq, previous_hash, hash, body) values (${seq}, ${head.hash}, ${hash}, ${body})`);
  await tx.query(sql`update audit_head set seq = ${seq}, hash = ${hash}`);
  return { seq, hash };
}

export async function auditHead(database: Queryable): Promise<Head> {
  const [head] = await database.query<Head>(sql`select seq, hash from audit_head`);
  return head ?? { seq: 0, hash: '' };
}

/** As `handrail audit verify --anchor` takes it. */
export function anchorText({ seq, hash }: Head): string {
  return `${seq}:${hash}`;
}

/** Every entry in order of its number, read in pages, so that a long log is never held whole. */
export async function* auditRows(database: Queryable, pageSize = 1000): AsyncGenerator<AuditRow> {
  let after = 0;
  for (;;) {
    const rows = await database.query<AuditRow>(sql`
      select seq, previous_hash, hash, body from audit_entry where seq > ${after} order by seq limit ${pageSize}`);
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < pageSize) return;
    after = last.seq;
  }
}
