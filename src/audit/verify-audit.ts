import sql from 'sql-template-tag';
import type { Database, Queryable } from '../database/database.ts';
import { say, type Text } from '../language/text.ts';
import { AuditBody, type AuditRow, canonicalJson, chainHash } from './audit-entry.ts';
import { auditHead, auditRows } from './audit-log.ts';

/** A place where the log is not what was written. */
interface AuditFault {
  readonly seq: number;
  readonly problem: Text;
}

export interface AuditVerification {
  readonly entries: number;
  readonly head: { readonly seq: number; readonly hash: string };
  readonly faults: readonly AuditFault[];
}

/** An entry's number and hash noted elsewhere, such as in a run's summary in the channel. */
export interface AuditAnchor {
  readonly seq: number;
  readonly hash: string;
}

const MAX_FAULTS = 20;

/**
 * Walks the chain and names each row that was changed, removed, added or reordered (the first 20).
 * Whoever can rewrite all rows from some point to the end can make a new chain that holds: hand in anchors noted
 * elsewhere to see that too. Looks at the log as it is at one moment, so that runs may write meanwhile.
 */
export async function verifyAudit(
  database: Database,
  anchors: readonly AuditAnchor[] = [],
): Promise<AuditVerification> {
  return database.transaction(async (tx) => {
    await tx.query(sql`set transaction isolation level repeatable read, read only`);
    return walk(tx, anchors);
  });
}

async function walk(
  database: Queryable,
  anchors: readonly AuditAnchor[],
): Promise<AuditVerification> {
  const faults: AuditFault[] = [];
  const head = await auditHead(database);
  const noted = new Map(anchors.map((anchor) => [anchor.seq, anchor.hash]));
  let previous = { seq: 0, hash: '' };
  let entries = 0;
  for await (const row of auditRows(database)) {
    entries += 1;
    faults.push(...faultsOfRow(row, previous), ...faultsOfAnchor(row, noted));
    noted.delete(row.seq);
    previous = { seq: row.seq, hash: row.hash };
    if (faults.length >= MAX_FAULTS) return { entries, head, faults };
  }
  for (const seq of noted.keys())
    faults.push({ seq, problem: say('an anchor names this entry, and it is not there') });
  faults.push(...faultsOfEnd(previous, head));
  return { entries, head, faults };
}

function faultsOfEnd(
  last: { seq: number; hash: string },
  head: AuditVerification['head'],
): AuditFault[] {
  const ends = { last: last.seq, written: head.seq };
  if (last.seq < head.seq) {
    const problem = say(
      'the log ends at {last}, but {written} entries were written: entries were removed from its end',
      ends,
    );
    return [{ seq: last.seq + 1, problem }];
  }
  if (last.seq > head.seq) {
    const problem = say(
      'the log ends at {last}, but {written} entries were written: entries were added at its end',
      ends,
    );
    return [{ seq: head.seq + 1, problem }];
  }
  if (last.hash === head.hash) return [];
  return [{ seq: head.seq, problem: say('the last entry is not the one that was written last') }];
}

function faultsOfRow(row: AuditRow, previous: { seq: number; hash: string }): AuditFault[] {
  const { seq } = row;
  const faults: AuditFault[] = [];
  if (seq !== previous.seq + 1) {
    faults.push({ seq, problem: missingBefore(previous.seq + 1, seq - 1) });
  } else if (row.previous_hash !== previous.hash) {
    faults.push({
      seq,
      problem: say(
        'it does not follow from the entry before it: one of the two was added, replaced or reordered',
      ),
    });
  }
  if (chainHash(row.previous_hash, row.body) !== row.hash) {
    faults.push({ seq, problem: say('its text does not give its hash: it was changed') });
  }
  return [...faults, ...faultsOfBody(row)];
}

function missingBefore(first: number, last: number): Text {
  return first === last
    ? say('entry {first} is missing before this one: removed', { first })
    : say('entry {first} to {last} is missing before this one: removed', { first, last });
}

function faultsOfBody(row: AuditRow): AuditFault[] {
  const body = AuditBody.safeParse(parseJson(row.body));
  if (!body.success)
    return [{ seq: row.seq, problem: say('its text is not an audit entry: it was changed') }];
  if (body.data.seq !== row.seq) {
    return [
      {
        seq: row.seq,
        problem: say('its text says that it is entry {seq}: it was moved', { seq: body.data.seq }),
      },
    ];
  }
  if (canonicalJson(body.data) !== row.body) {
    return [
      {
        seq: row.seq,
        problem: say('its text is not canonical JSON: it was not written by Handrail'),
      },
    ];
  }
  return [];
}

function faultsOfAnchor(row: AuditRow, noted: ReadonlyMap<number, string>): AuditFault[] {
  const hash = noted.get(row.seq);
  if (hash === undefined || row.hash.startsWith(hash)) return [];
  return [
    {
      seq: row.seq,
      problem: say(
        'an anchor noted elsewhere says {noted}, the log says {found}: the log was rewritten',
        { noted: hash, found: row.hash },
      ),
    },
  ];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
