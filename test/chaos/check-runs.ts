import sql from 'sql-template-tag';
import type { Approval, Plan, RunStatus, StepStatus } from '../../src/runs/run.ts';
import type { ChaosWorld } from './chaos-world.ts';

interface RunRow {
  readonly id: string;
  readonly status: RunStatus;
  readonly stop_requested: unknown;
  readonly failure: { readonly code: string; readonly message: string } | null;
  readonly plan: Plan | null;
  readonly gates: readonly Approval['status'][];
  readonly steps: readonly { readonly id: string; readonly status: StepStatus }[];
}

/** What is not right about how runs ended, in words. */
export async function checkRuns({ database }: ChaosWorld): Promise<string[]> {
  const runs = await database.query<RunRow>(sql`
    select id, status, stop_requested, failure, plan,
      coalesce((select json_agg(a.status order by gate) from approval a where run_id = id), '[]') as gates,
      coalesce((select json_agg(json_build_object('id', step_id, 'status', s.status) order by position)
        from run_step s where run_id = id), '[]') as steps
    from run`);
  const locks = await database.query(sql`select * from target_lock`);
  return [
    ...locks.map((lock) => `a lock is left: ${JSON.stringify(lock)}`),
    ...runs.flatMap((run) => [...endFaults(run), ...stepFaults(run)]),
    ...(await timelineFaults({ database })),
  ];
}

function endFaults(run: RunRow): string[] {
  const last = run.gates.at(-1);
  const about = `run ${run.id} ended ${run.status}`;
  if (run.failure !== null && run.status !== 'failed') {
    return [`${about}, and has a failure: ${run.failure.message}`];
  }
  switch (run.status) {
    case 'succeeded':
      return run.gates.every((gate) => gate === 'approved') && run.gates.length > 0
        ? []
        : [`${about}, its gates being ${run.gates}`];
    case 'rejected':
    case 'expired':
      return last === run.status ? [] : [`${about}, its gates being ${run.gates}`];
    case 'cancelled':
      return run.stop_requested === null ? [`${about}, though nobody asked it to stop`] : [];
    case 'failed':
      return run.failure === null ? [`${about} without a reason`] : [];
    default:
      return [`${about}`];
  }
}

/** Steps are begun in order, each when the one before it has ended well. */
function stepFaults({ id, status, plan, steps }: RunRow): string[] {
  const words = steps.map((step) => `${step.id} ${step.status}`).join(', ');
  const past = steps.findIndex((step) => !isOver(step.status));
  const rest = past === -1 ? [] : steps.slice(past + 1);
  const skipped = steps.filter((step) => step.status === 'skipped');
  const unplanned = skipped.filter(
    (step) => plan?.steps.find((planned) => planned.id === step.id)?.skip === undefined,
  );
  return [
    ...(rest.some((step) => step.status !== 'pending')
      ? [`run ${id} went past a step: ${words}`]
      : []),
    ...(status === 'succeeded' && past !== -1
      ? [`run ${id} succeeded without a step: ${words}`]
      : []),
    ...(unplanned.length > 0 ? [`run ${id} skipped a step: ${words}`] : []),
    ...(steps.some((step) => step.status === 'running') ? [`run ${id} left a step: ${words}`] : []),
  ];
}

function isOver(status: StepStatus): boolean {
  return status === 'done' || status === 'skipped' || status === 'undone';
}

async function timelineFaults({ database }: Pick<ChaosWorld, 'database'>): Promise<string[]> {
  const gaps = await database.query<{ run_id: string; keys: string }>(sql`
    select run_id, string_agg(key, ', ' order by seq) as keys from timeline_event
    group by run_id having max(seq) <> count(*) or count(distinct key) <> count(*)
      or count(*) filter (where key = 'requested') <> 1 or count(*) filter (where key = 'end') <> 1`);
  return gaps.map(({ run_id, keys }) => `the timeline of run ${run_id} is not whole: ${keys}`);
}
