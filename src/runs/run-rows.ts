import sql from 'sql-template-tag';
import type { Queryable } from '../database/database.ts';
import type { Text } from '../language/text.ts';
import type { RunbookCatalogue } from '../runbooks/runbook.ts';
import type { Approval, Plan, Run, StepState, TimelineEvent } from './run.ts';
import { UnknownRunError } from './run-errors.ts';
import type { RunFilter, RunLine } from './runs.ts';

type Nullable<T> = T | null;

/** As the tables hold them; what is written as JSON is written by us alone. */
interface RunRow {
  id: string;
  runbook: string;
  cluster: string;
  target: string;
  inputs: Run['inputs'];
  accepted: string[];
  requester: Run['requester'];
  cause: Run['cause'];
  dry_run: boolean;
  status: Run['status'];
  plan: Nullable<Plan>;
  outcome: Nullable<Run['outcome']>;
  stop_requested: Nullable<Run['requester']>;
  failure: Nullable<Run['failure']>;
  blocked_until: Nullable<Date>;
  trace_id: string;
  version: number;
  created_at: Date;
  ended_at: Nullable<Date>;
}

/** Titles of runbooks; one that was removed since is called by its name. */
export function titlesOf(catalogue: RunbookCatalogue): (runbook: string) => Text {
  return (name) => catalogue.find(name)?.title ?? name;
}

/** Reads a run with all that belongs to it. @throws UnknownRunError (`run_unknown`) */
export async function loadRun(
  database: Queryable,
  runId: string,
  titleOf: (runbook: string) => Text,
): Promise<Run> {
  const [row] = await database.query<RunRow>(sql`select * from run where id = ${runId}`);
  if (row === undefined) throw new UnknownRunError(runId);
  const [approvals, steps, timeline] = await Promise.all([
    loadApprovals(database, runId),
    loadSteps(database, runId),
    loadTimeline(database, runId),
  ]);
  return {
    id: row.id,
    runbook: row.runbook,
    runbookTitle: titleOf(row.runbook),
    cluster: row.cluster,
    target: row.target,
    inputs: row.inputs,
    accepted: row.accepted,
    requester: row.requester,
    cause: row.cause,
    dryRun: row.dry_run,
    status: row.status,
    traceId: row.trace_id,
    version: row.version,
    approvals,
    steps,
    timeline,
    createdAt: row.created_at.getTime(),
    ...(row.plan && { plan: row.plan }),
    ...(row.outcome && { outcome: row.outcome }),
    ...(row.failure && { failure: row.failure }),
    ...(row.blocked_until && { blockedUntil: row.blocked_until.getTime() }),
    ...(row.stop_requested && { stopRequestedBy: row.stop_requested }),
    ...(row.ended_at && { endedAt: row.ended_at.getTime() }),
  };
}

interface ApprovalRow {
  gate: number;
  status: Approval['status'];
  digest: string;
  policy: Approval['policy'];
  difference: Nullable<Approval['difference']>;
  opened_at: Date;
  expires_at: Date;
  decided_at: Nullable<Date>;
  decided_by: Nullable<Approval['decidedBy']>;
  reason: Nullable<string>;
}

async function loadApprovals(database: Queryable, runId: string): Promise<Approval[]> {
  const rows = await database.query<ApprovalRow>(
    sql`select * from approval where run_id = ${runId} order by gate`,
  );
  const votes = await database.query<{
    gate: number;
    person: Approval['votes'][number]['by'];
    at: Date;
  }>(sql`select gate, person, at from approval_vote where run_id = ${runId} order by at`);
  return rows.map((row) => ({
    gate: row.gate,
    status: row.status,
    digest: row.digest,
    policy: row.policy,
    openedAt: row.opened_at.getTime(),
    expiresAt: row.expires_at.getTime(),
    votes: votes
      .filter((vote) => vote.gate === row.gate)
      .map((vote) => ({ by: vote.person, at: vote.at.getTime() })),
    ...(row.difference && { difference: row.difference }),
    ...(row.decided_at && { decidedAt: row.decided_at.getTime() }),
    ...(row.decided_by && { decidedBy: row.decided_by }),
    ...(row.reason !== null && { reason: row.reason }),
  }));
}

interface StepRow {
  step_id: string;
  title: Text;
  status: StepState['status'];
  progress: Nullable<StepState['progress']>;
  summary: Nullable<Text>;
  left_over: Text[];
  error: Nullable<StepState['error']>;
  undo: Nullable<StepState['undo']>;
  started_at: Nullable<Date>;
  ended_at: Nullable<Date>;
}

async function loadSteps(database: Queryable, runId: string): Promise<StepState[]> {
  const rows = await database.query<StepRow>(
    sql`select * from run_step where run_id = ${runId} order by position`,
  );
  return rows.map((row) => ({
    id: row.step_id,
    title: row.title,
    status: row.status,
    left: row.left_over,
    ...(row.progress && { progress: row.progress }),
    ...(row.summary !== null && { summary: row.summary }),
    ...(row.error && { error: row.error }),
    ...(row.undo && { undo: row.undo }),
    ...(row.started_at && { startedAt: row.started_at.getTime() }),
    ...(row.ended_at && { endedAt: row.ended_at.getTime() }),
  }));
}

async function loadTimeline(database: Queryable, runId: string): Promise<TimelineEvent[]> {
  const rows = await database.query<{
    seq: number;
    key: string;
    at: Date;
    level: TimelineEvent['level'];
    text: Text;
    step_id: Nullable<string>;
  }>(
    sql`select seq, key, at, level, text, step_id from timeline_event where run_id = ${runId} order by seq`,
  );
  return rows.map((row) => ({
    seq: row.seq,
    key: row.key,
    at: row.at.getTime(),
    level: row.level,
    text: row.text,
    ...(row.step_id !== null && { stepId: row.step_id }),
  }));
}

/** Newest first. */
export async function listRuns(database: Queryable, filter: RunFilter): Promise<RunLine[]> {
  const rows = await database.query<RunRow>(sql`
    select id, runbook, cluster, target, status, requester, created_at, ended_at, version, outcome from run
    where (${filter.active ?? false} = false or ended_at is null)
      and (${filter.cluster ?? null}::text is null or cluster = ${filter.cluster ?? null})
      and (${filter.target ?? null}::text is null or target = ${filter.target ?? null})
    order by created_at desc limit ${filter.limit}`);
  return rows.map((row) => ({
    id: row.id,
    runbook: row.runbook,
    cluster: row.cluster,
    target: row.target,
    status: row.status,
    requester: row.requester,
    version: row.version,
    createdAt: row.created_at.getTime(),
    ...(row.ended_at && { endedAt: row.ended_at.getTime() }),
    ...(row.outcome && { summary: row.outcome.summary }),
  }));
}
