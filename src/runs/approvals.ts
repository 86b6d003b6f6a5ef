import sql from 'sql-template-tag';
import { appendAudit } from '../audit/audit-log.ts';
import type { Database, Transaction } from '../database/database.ts';
import { say, type Text } from '../language/text.ts';
import { inEnglish } from '../language/translate.ts';
import { storableText } from '../storable-text.ts';
import type { WorkflowEngine } from '../workflow/workflow.ts';
import { refusal } from './approval-policy.ts';
import { auditWho } from './audit-who.ts';
import type { ApprovalPolicy, ApprovalStatus, Person, PlanDifference, Run } from './run.ts';
import { lockRun, touchRun } from './run-store.ts';
import type { Decision, DecisionResult } from './runs.ts';
import { tell } from './timeline.ts';
import { ring } from './wake.ts';

export interface Gate {
  readonly gate: number;
  readonly digest: string;
  readonly policy: ApprovalPolicy;
  readonly difference?: PlanDifference;
}

/** Opens a gate once; opened again after a restart, it keeps its first deadline. Returns that deadline, in epoch milliseconds. */
export async function openGate(tx: Transaction, runId: string, gate: Gate): Promise<number> {
  await tx.query(sql`
    insert into approval (run_id, gate, digest, policy, difference, expires_at)
    values (${runId}, ${gate.gate}, ${gate.digest}, ${JSON.stringify(gate.policy)},
      ${gate.difference ? JSON.stringify(gate.difference) : null}, now() + ${gate.policy.expiresAfterMs} * interval '1 millisecond')
    on conflict do nothing`);
  await touchRun(tx, runId);
  const [row] = await tx.query<{ expires_at: Date }>(
    sql`select expires_at from approval where run_id = ${runId} and gate = ${gate.gate}`,
  );
  if (row === undefined) throw new Error(`gate ${gate.gate} of run ${runId} was not opened`);
  return row.expires_at.getTime();
}

/** Where a gate stands; closes it as expired when its time is over. The row decides, whoever asks first. */
export async function gateStatus(
  database: Database,
  runId: string,
  gate: number,
): Promise<{ status: ApprovalStatus; leftMs: number }> {
  return database.transaction(async (tx) => {
    await lockRun(tx, runId);
    const expired = await tx.query(sql`
      update approval set status = 'expired', decided_at = now()
      where run_id = ${runId} and gate = ${gate} and status = 'pending' and expires_at <= now() returning 1`);
    if (expired.length > 0) {
      await tell(tx, runId, {
        key: `gate-${gate}-expired`,
        level: 'warning',
        text: say('Nobody decided in time: the approval has expired.'),
      });
      await touchRun(tx, runId);
    }
    const [row] = await tx.query<{ status: ApprovalStatus; left_ms: number }>(sql`
      select status, (extract(epoch from expires_at - now()) * 1000)::float8 as left_ms
      from approval where run_id = ${runId} and gate = ${gate}`);
    if (row === undefined) throw new Error(`run ${runId} has no gate ${gate}`);
    return { status: row.status, leftMs: row.left_ms };
  });
}

/** Takes back the open gate of a run, as when its requester stops it. */
export async function withdrawGates(tx: Transaction, runId: string, by: Person): Promise<void> {
  await tx.query(sql`
    update approval set status = 'withdrawn', decided_at = now(), decided_by = ${JSON.stringify(by)}
    where run_id = ${runId} and status = 'pending'`);
}

/** One winner, however many click and however often Slack delivers: the gate's row is locked, and leaves 'pending' once. */
export async function decide(
  { database, engine }: { database: Database; engine: WorkflowEngine },
  run: Run,
  asked: Decision,
): Promise<DecisionResult> {
  const { reason } = asked;
  const decision = { ...asked, ...(reason !== undefined && { reason: storableText(reason) }) };
  const approval = run.approvals.find(({ gate }) => gate === decision.gate);
  if (approval === undefined) return GONE;
  const why = refusal(run, approval, decision);
  return database.transaction(async (tx) => {
    const open = await lockOpenGate(tx, run.id, decision.gate);
    if (open !== undefined) return open;
    if (why !== undefined) {
      await auditDecision(tx, run, { decision, outcome: `refused: ${inEnglish(why)}` });
      return { status: 'refused', why };
    }
    const result = await record(tx, run, decision);
    await auditDecision(tx, run, { decision, outcome: result.status });
    await touchRun(tx, run.id);
    if (result.status === 'decided')
      await ring(engine, tx, { runId: run.id, why: `gate-${decision.gate}` });
    return result;
  });
}

const GONE: DecisionResult = { status: 'too_late', why: say('This approval is no longer there.') };

async function lockOpenGate(
  tx: Transaction,
  runId: string,
  gate: number,
): Promise<DecisionResult | undefined> {
  const { stopRequestedBy } = await lockRun(tx, runId);
  const [row] = await tx.query<{
    status: ApprovalStatus;
    late: boolean;
    decided_by: Person | null;
  }>(sql`
    select status, expires_at <= now() as late, decided_by from approval
    where run_id = ${runId} and gate = ${gate} for update`);
  if (row === undefined) return GONE;
  if (row.status === 'pending' && stopRequestedBy) {
    const by = stopRequestedBy.name;
    const why = say('Nothing to decide any more: {by} has stopped this run.', { by });
    return { status: 'too_late', why };
  }
  if (row.status === 'pending' && !row.late) return undefined;
  return { status: 'too_late', why: closedWords(row.status, row.decided_by?.name) };
}

/** A gate that is pending and yet closed is one whose time is over. */
function closedWords(status: ApprovalStatus, name: string | undefined): Text {
  const by = name ?? say('an approver');
  switch (status) {
    case 'approved':
      return say('Nothing to decide any more: it was already approved by {by}.', { by });
    case 'rejected':
      return say('Nothing to decide any more: it was already rejected by {by}.', { by });
    case 'withdrawn':
      return say('Nothing to decide any more: it was already withdrawn by {by}.', { by });
    case 'pending':
    case 'expired':
      return say('Nothing to decide any more: it has already expired.');
  }
}

async function record(tx: Transaction, run: Run, decision: Decision): Promise<DecisionResult> {
  const by: Person = { kind: decision.by.kind, id: decision.by.id, name: decision.by.name };
  if (decision.verdict === 'reject') {
    await close(tx, run.id, {
      gate: decision.gate,
      status: 'rejected',
      by,
      reason: decision.reason,
    });
    const { reason } = decision;
    await tell(tx, run.id, {
      key: `gate-${decision.gate}`,
      level: 'warning',
      text: reason
        ? say('Rejected by {by}: {reason}', { by: by.name, reason })
        : say('Rejected by {by}', { by: by.name }),
    });
    return { status: 'decided', verdict: 'reject' };
  }
  await tx.query(sql`
    insert into approval_vote (run_id, gate, person_id, person) values (${run.id}, ${decision.gate}, ${by.id}, ${JSON.stringify(by)})
    on conflict do nothing`);
  const [votes] = await tx.query<{ have: number; need: number }>(sql`
    select count(*)::int as have, (select (policy->>'quorum')::int from approval where run_id = ${run.id} and gate = ${decision.gate}) as need
    from approval_vote where run_id = ${run.id} and gate = ${decision.gate}`);
  const { have, need } = votes ?? { have: 0, need: 1 };
  await tell(tx, run.id, {
    key: `gate-${decision.gate}-vote-${by.id}`,
    text:
      need > 1
        ? say('Approved by {by} ({have} of {need})', { by: by.name, have, need })
        : say('Approved by {by}', { by: by.name }),
  });
  if (have < need) return { status: 'counted', have, need };
  await close(tx, run.id, { gate: decision.gate, status: 'approved', by });
  return { status: 'decided', verdict: 'approve' };
}

async function close(
  tx: Transaction,
  runId: string,
  end: { gate: number; status: 'approved' | 'rejected'; by: Person; reason?: string | undefined },
): Promise<void> {
  await tx.query(sql`
    update approval set status = ${end.status}, decided_at = now(), decided_by = ${JSON.stringify(end.by)}, reason = ${end.reason ?? null}
    where run_id = ${runId} and gate = ${end.gate} and status = 'pending'`);
}

async function auditDecision(
  tx: Transaction,
  run: Run,
  { decision, outcome }: { decision: Decision; outcome: string },
): Promise<void> {
  await appendAudit(tx, {
    phase: 'event',
    who: auditWho(run, decision.by.id),
    verb: decision.verdict,
    resource: { kind: 'Run', name: run.id, uid: run.traceId },
    cluster: run.cluster,
    run: run.id,
    traceId: run.traceId,
    before: { gate: decision.gate },
    after: decision.reason === undefined ? {} : { reason: decision.reason },
    outcome,
  });
}
