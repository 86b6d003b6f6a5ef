import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { z } from 'zod';
import { storableJson } from '../storable-text.ts';

/** What one entry says: who did what to which resource, in which run, when, and how it ended. */
export const AuditFacts = z.strictObject({
  /** `intent` before a change, `outcome` after it, `event` for what changes no cluster: a request, a decision, an end. */
  phase: z.enum(['intent', 'outcome', 'event']),
  /** `actor` did it, in a run that `requester` asked for and `approvedBy` let go on. */
  who: z.strictObject({
    actor: z.string(),
    requester: z.string(),
    approvedBy: z.array(z.string()),
  }),
  verb: z.string(),
  resource: z.strictObject({
    kind: z.string(),
    namespace: z.string().optional(),
    name: z.string(),
    uid: z.string(),
  }),
  cluster: z.string(),
  run: z.string(),
  traceId: z.string(),
  before: z.json(),
  after: z.json(),
  outcome: z.string().optional(),
});
export type AuditFacts = z.infer<typeof AuditFacts>;

export const AuditBody = AuditFacts.extend({ seq: z.number().int(), at: z.string() });
export type AuditBody = z.infer<typeof AuditBody>;

/** The row as it stands in Postgres. */
export interface AuditRow {
  readonly seq: number;
  readonly previous_hash: string;
  readonly hash: string;
  readonly body: string;
}

/** RFC 8785: the same facts give the same bytes, whatever the order of their keys. */
export function canonicalJson(value: unknown): string {
  const text = canonicalText(value);
  if (text === undefined)
    throw new TypeError('a value that JSON cannot hold has no canonical form');
  return text;
}

/** RFC 8785 has no form for half a character, as a message that was cut may end with. */
function canonicalText(value: unknown): string | undefined {
  try {
    return canonicalize(value);
  } catch {
    return canonicalize(JSON.parse(storableJson(value)));
  }
}

export function chainHash(previousHash: string, body: string): string {
  return createHash('sha256').update(`${previousHash}\n${body}`).digest('hex');
}
