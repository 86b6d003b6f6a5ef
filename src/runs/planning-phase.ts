import sql from 'sql-template-tag';
import { errorCode, errorText } from '../errors.ts';
import { approvedPlan, wasAsked } from './agreement.ts';
import { gateStatus, withdrawGates } from './approvals.ts';
import { askPeople, goOnNarrower, type PlanningScene } from './ask-people.ts';
import { checkStep } from './check-phase.ts';
import { compareEffects } from './effects.ts';
import { insist } from './insist.ts';
import { isNoOutcome } from './no-outcome.ts';
import type { Decided, Next, Phases } from './phases.ts';
import { makePlan, planEffects } from './plan-run.ts';
import type { Plan, Run, RunEnd } from './run.ts';
import type { RunEnvironment } from './run-environment.ts';
import { loadRun, titlesOf } from './run-rows.ts';
import { blockRun, saveFailure, savePlan } from './run-store.ts';
import { blockedWhy } from './run-words.ts';

/** How long a blocked plan waits for somebody to accept its exceptions. */
const BLOCKED_WAIT_MS = 30 * 60_000;
/** A gate's time is over by the database's clock: look a moment later, so that one look is enough. */
const LOOK_LATER_MS = 250;

/** Planning, asking, and planning again: nothing here changes a cluster. */
export function planning(environment: RunEnvironment): Pick<Phases, 'plan' | 'decided' | 'check'> {
  const { database } = environment;
  const load = (runId: string): Promise<Run> =>
    loadRun(database, runId, titlesOf(environment.catalogue));

  async function plan(runId: string, gate: number): Promise<Next> {
    const run = await load(runId);
    if (run.stopRequestedBy) return { next: 'end', end: 'cancelled' };
    return orFail(environment, run, async () => {
      const now = await makePlan(environment, run);
      return database.transaction((tx) => afterPlanning({ environment, tx, run, gate }, now));
    });
  }

  async function check(runId: string, at: { stepId: string; gate: number }): Promise<Next> {
    const run = await load(runId);
    if (run.stopRequestedBy) return { next: 'end', end: 'cancelled' };
    return orFail(environment, run, () =>
      insist(environment, () => checkStep(environment, run, at)),
    );
  }

  async function decided(runId: string, gate: number): Promise<Decided> {
    const run = await load(runId);
    if (run.stopRequestedBy) {
      const by = run.stopRequestedBy;
      await database.transaction((tx) => withdrawGates(tx, runId, by));
      return { status: 'cancelled' };
    }
    if (run.status === 'planning') return { status: 'go' };
    if (run.status === 'blocked') return blockedDecision(environment, run);
    return gateDecision(environment, run, gate);
  }

  return { plan, check, decided };
}

async function afterPlanning(scene: PlanningScene, now: Plan): Promise<Next> {
  const { run } = scene;
  if (await wasAsked(scene.tx, scene)) return { next: 'ask' };
  if (run.dryRun) return keep(scene, now, 'planned');
  if (now.blockers.length > 0) return blocked(scene, now);
  if (planEffects(now).length === 0) return keep(scene, now, 'nothing_to_do');
  const agreed = approvedPlan(run);
  const difference = agreed && compareEffects(planEffects(agreed), planEffects(now));
  if (difference && difference.added.length === 0) return goOnNarrower(scene, difference);
  await savePlan(scene.tx, run.id, now);
  return askPeople(scene, { plan: now, difference });
}

async function keep({ tx, run }: PlanningScene, plan: Plan, end: RunEnd): Promise<Next> {
  await savePlan(tx, run.id, plan);
  return { next: 'end', end };
}

/** Waits for exceptions where each blocker can be accepted by name; ends where one cannot. */
async function blocked({ tx, run }: PlanningScene, plan: Plan): Promise<Next> {
  await savePlan(tx, run.id, plan);
  const final = plan.blockers.filter((blocker) => blocker.exception === undefined);
  if (final.length === 0) {
    await blockRun(tx, run.id, BLOCKED_WAIT_MS);
    return { next: 'ask' };
  }
  await saveFailure(tx, run.id, { code: 'plan_blocked', message: blockedWhy(final) });
  return { next: 'end', end: 'failed' };
}

async function blockedDecision({ database, clock }: RunEnvironment, run: Run): Promise<Decided> {
  // One look at both: accepted at the last moment is accepted.
  const [row] = await database.query<{ status: Run['status']; left_ms: number }>(sql`
    select status, (extract(epoch from blocked_until - now()) * 1000)::float8 as left_ms from run where id = ${run.id}`);
  const { status, left_ms: left } = row ?? { status: run.status, left_ms: 0 };
  if (status !== 'blocked') return { status: 'go' };
  if (left <= 0) return { status: 'expired' };
  return { status: 'wait', until: clock.now() + left + LOOK_LATER_MS };
}

async function gateDecision(
  { database, clock }: RunEnvironment,
  run: Run,
  gate: number,
): Promise<Decided> {
  const { status, leftMs } = await gateStatus(database, run.id, gate);
  switch (status) {
    case 'approved':
      return { status: 'go' };
    case 'rejected':
    case 'expired':
      return { status };
    case 'withdrawn':
      return { status: 'cancelled' };
    case 'pending':
      return { status: 'wait', until: clock.now() + leftMs + LOOK_LATER_MS };
  }
}

/** A plan that cannot be made ends the run with the reason; only a lost database is left to the engine to retry. */
async function orFail(
  environment: RunEnvironment,
  run: Run,
  work: () => Promise<Next>,
): Promise<Next> {
  try {
    return await work();
  } catch (error) {
    const code = errorCode(error) ?? 'plan_failed';
    if (isNoOutcome(error)) throw error;
    environment.log.warn({ runId: run.id, err: error }, 'could not plan');
    await saveFailure(environment.database, run.id, { code, message: errorText(error) });
    return { next: 'end', end: 'failed' };
  }
}
