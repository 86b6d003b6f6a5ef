import sql from 'sql-template-tag';
import type { Progress } from '../actions/action.ts';
import type { Database, Queryable, Transaction } from '../database/database.ts';
import type { JsonObject } from '../json.ts';
import { storableJson } from '../storable-text.ts';
import type {
  Failure,
  Person,
  Plan,
  PlannedStep,
  Run,
  RunEnd,
  RunOutcome,
  RunStatus,
  StepState,
} from './run.ts';
import { TargetBusyError } from './run-errors.ts';

/** Each committed change of a run is announced here, with the run's id. */
export const RUN_CHANGED = 'handrail_run_changed';

export interface NewRun {
  readonly id: string;
  readonly runbook: string;
  readonly cluster: string;
  readonly target: string;
  readonly inputs: Run['inputs'];
  readonly accepted: readonly string[];
  readonly requester: Person;
  readonly cause: Run['cause'];
  readonly dryRun: boolean;
  readonly traceId: string;
}

/** Part of every change: the version tells views that they are behind, the notification tells them now. */
export async function touchRun(tx: Queryable, runId: string): Promise<void> {
  await tx.query(sql`update run set version = version + 1 where id = ${runId}`);
  await tx.query(sql`select pg_notify(${RUN_CHANGED}, ${runId})`);
}

/**
 * Whoever changes more of a run than one row holds the run's row first: always in this order, so that two who do it at
 * the same moment wait for each other instead of in a circle.
 */
export async function lockRun(
  tx: Transaction,
  runId: string,
): Promise<{ stopRequestedBy?: Person; hasEnded: boolean }> {
  const [row] = await tx.query<{ stop_requested: Person | null; ended: boolean }>(
    sql`select stop_requested, ended_at is not null as ended from run where id = ${runId} for update`,
  );
  const hasEnded = row?.ended ?? true;
  return row?.stop_requested ? { stopRequestedBy: row.stop_requested, hasEnded } : { hasEnded };
}

/** Inserts the run and takes its target, together. @throws TargetBusyError (`target_busy`) */
export async function insertRun(tx: Transaction, run: NewRun): Promise<void> {
  await tx.query(sql`
    insert into run (id, runbook, cluster, target, inputs, accepted, requester, cause, dry_run, status, trace_id)
    values (${run.id}, ${run.runbook}, ${run.cluster}, ${run.target}, ${storableJson(run.inputs)},
      ${[...run.accepted]}, ${storableJson(run.requester)}, ${storableJson(run.cause)}, ${run.dryRun}, 'planning', ${run.traceId})`);
  if (!run.dryRun) await takeTarget(tx, run);
  await touchRun(tx, run.id);
}

async function takeTarget(tx: Transaction, run: NewRun): Promise<void> {
  const taken = await tx.query(sql`
    insert into target_lock (cluster, target, run_id) values (${run.cluster}, ${run.target}, ${run.id})
    on conflict do nothing returning 1`);
  if (taken.length > 0) return;
  const [holder] = await tx.query<{ run_id: string }>(
    sql`select run_id from target_lock where cluster = ${run.cluster} and target = ${run.target}`,
  );
  throw new TargetBusyError(run.target, run.cluster, holder?.run_id);
}

export async function setStatus(tx: Queryable, runId: string, status: RunStatus): Promise<void> {
  await tx.query(sql`update run set status = ${status} where id = ${runId} and ended_at is null`);
  await touchRun(tx, runId);
}

export async function savePlan(tx: Transaction, runId: string, plan: Plan): Promise<void> {
  await tx.query(sql`update run set plan = ${storableJson(plan)} where id = ${runId}`);
  for (const [position, step] of plan.steps.entries())
    await saveStep(tx, runId, { step, position });
  await touchRun(tx, runId);
}

async function saveStep(
  tx: Transaction,
  runId: string,
  { step, position }: { step: PlannedStep; position: number },
): Promise<void> {
  await tx.query(sql`
    insert into run_step (run_id, step_id, position, title, status)
    values (${runId}, ${step.id}, ${position}, ${storableJson(step.title)}, 'pending')
    on conflict (run_id, step_id) do nothing`);
}

/** The moment the step first began stays: a restart does not give it more time. */
export async function beginStep(
  database: Database,
  runId: string,
  stepId: string,
): Promise<number> {
  return database.transaction(async (tx) => {
    const [row] = await tx.query<{ started_at: Date }>(sql`
      update run_step set status = 'running', started_at = coalesce(started_at, now())
      where run_id = ${runId} and step_id = ${stepId} returning started_at`);
    await touchRun(tx, runId);
    if (row === undefined) throw new Error(`run ${runId} has no step ${stepId}`);
    return row.started_at.getTime();
  });
}

export type StepEnd = Pick<StepState, 'id' | 'status' | 'left'> &
  Partial<Pick<StepState, 'summary' | 'error'>> & { readonly outputs?: JsonObject };

/** How a step ended is written once: a process that comes late finds what its peer has written. */
export async function endStep(tx: Transaction, runId: string, step: StepEnd): Promise<void> {
  await tx.query(sql`
    update run_step set status = ${step.status}, summary = ${step.summary === undefined ? null : storableJson(step.summary)},
      progress = case when ${step.status} = 'failed' then progress end,
      outputs = ${step.outputs ? storableJson(step.outputs) : null},
      left_over = ${storableJson(step.left)}, error = ${step.error ? storableJson(step.error) : null},
      started_at = coalesce(started_at, now()), ended_at = now()
    where run_id = ${runId} and step_id = ${step.id} and status in ('pending', 'running')`);
  await touchRun(tx, runId);
}

/** Live progress; writes nothing when nothing changed, so that waiting makes no noise. */
export async function saveProgress(
  database: Database,
  runId: string,
  step: { readonly id: string; readonly progress: Progress },
): Promise<void> {
  const progress = storableJson(step.progress);
  await database.transaction(async (tx) => {
    const changed = await tx.query(sql`
      update run_step set progress = ${progress}::jsonb
      where run_id = ${runId} and step_id = ${step.id} and progress is distinct from ${progress}::jsonb returning 1`);
    if (changed.length > 0) await touchRun(tx, runId);
  });
}

/** Ends the run once and frees its target; a second call changes nothing. Returns whether this call ended it. */
export async function endRun(
  tx: Transaction,
  runId: string,
  end: { readonly status: RunEnd; readonly outcome: RunOutcome },
): Promise<boolean> {
  const ended = await tx.query(sql`
    update run set status = ${end.status}, outcome = ${storableJson(end.outcome)}, ended_at = now(),
      failure = case when ${end.status === 'failed'} then failure end
    where id = ${runId} and ended_at is null returning 1`);
  await tx.query(sql`delete from target_lock where run_id = ${runId}`);
  await touchRun(tx, runId);
  return ended.length > 0;
}

export async function stopRequestedBy(
  database: Queryable,
  runId: string,
): Promise<Person | undefined> {
  const [row] = await database.query<{ stop_requested: Person | null }>(
    sql`select stop_requested from run where id = ${runId}`,
  );
  return row?.stop_requested ?? undefined;
}

/** Notes why a run failed; the first reason stays. */
export async function saveFailure(tx: Queryable, runId: string, failure: Failure): Promise<void> {
  await tx.query(
    sql`update run set failure = coalesce(failure, ${storableJson(failure)}) where id = ${runId} and ended_at is null`,
  );
}

/** A plan that is blocked waits for its exceptions until then. */
export async function blockRun(tx: Queryable, runId: string, waitMs: number): Promise<void> {
  await tx.query(sql`
    update run set status = 'blocked', blocked_until = now() + ${waitMs} * interval '1 millisecond' where id = ${runId}`);
}
