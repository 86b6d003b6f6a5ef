import sql from 'sql-template-tag';
import type { StepOutcome } from '../actions/action.ts';
import { errorCode, errorMessage } from '../errors.ts';
import { evaluateCondition, evaluateWith } from '../runbooks/expressions.ts';
import type { RunbookStep } from '../runbooks/runbook.ts';
import { holdTarget } from './holding-target.ts';
import { insist } from './insist.ts';
import type { Begun, Phases, StepVerdict } from './phases.ts';
import { actionOf, clusterOf, scopeOf } from './plan-run.ts';
import type { PlannedStep, Run } from './run.ts';
import type { RunEnvironment } from './run-environment.ts';
import { ShuttingDownError } from './run-errors.ts';
import { loadRun } from './run-rows.ts';
import { beginStep, endStep, saveFailure, setStatus } from './run-store.ts';
import { stepContext } from './step-context.ts';
import { stepOutputs } from './step-outputs.ts';
import { tell } from './timeline.ts';

/** Carrying out steps one by one, and taking them back. */
export function stepping(environment: RunEnvironment): Pick<Phases, 'begin' | 'carryOut' | 'undo'> {
  const { database } = environment;
  const load = (runId: string) =>
    loadRun(database, runId, (name) => environment.catalogue.get(name).title);

  async function begin(runId: string): Promise<Begun> {
    const run = await load(runId);
    try {
      await holdTarget(environment, run);
    } catch (error) {
      if (errorCode(error) !== 'target_leased') throw error;
      const failure = { code: 'target_leased', message: errorMessage(error) };
      await saveFailure(database, runId, failure);
      return { status: 'ended', end: 'failed' };
    }
    await database.transaction((tx) => setStatus(tx, runId, 'running'));
    return { status: 'begun', steps: run.plan?.steps.map(({ id }) => id) ?? [] };
  }

  async function carryOut(runId: string, stepId: string): Promise<StepVerdict> {
    const run = await load(runId);
    const part = partOf(environment, run, stepId);
    if (part.planned.skip !== undefined)
      return skip(environment, run, { stepId, why: part.planned.skip });
    const input = await inputOf(environment, run, part);
    if (input.skip !== undefined) return skip(environment, run, { stepId, why: input.skip });
    const startedAt = await beginStep(database, runId, stepId);
    try {
      const outcome = await attempts(environment, { run, ...part, startedAt }, input.value);
      await endStep(database, runId, { id: stepId, status: 'done', ...outcomeRow(outcome) });
      await say(environment, run, { key: `${stepId}/done`, text: outcome.summary, stepId });
      return { status: 'done' };
    } catch (error) {
      return failed(environment, run, { stepId, error });
    }
  }

  async function undo(runId: string, stepId: string): Promise<StepVerdict> {
    const run = await load(runId);
    const part = partOf(environment, run, stepId);
    const action = actionOf(environment, part.step);
    if (!part.step.undo || action.undo === undefined) return { status: 'skipped' };
    await database.transaction((tx) => setStatus(tx, runId, 'undoing'));
    const context = stepContext(environment, {
      run,
      planned: part.planned,
      startedAt: environment.clock.now(),
      timeoutMs: part.step.timeoutMs,
      undoing: true,
    });
    return takeBack(environment, { run, stepId }, async () => {
      const input = await inputOf(environment, run, part);
      return action.undo?.(context, action.input.parse(input.value));
    });
  }

  return { begin, carryOut, undo };
}

interface StepPart {
  readonly step: RunbookStep;
  readonly planned: PlannedStep;
}

function partOf(environment: RunEnvironment, run: Run, stepId: string): StepPart {
  const step = environment.catalogue.get(run.runbook).steps.find(({ id }) => id === stepId);
  const planned = run.plan?.steps.find(({ id }) => id === stepId);
  if (step === undefined || planned === undefined) {
    throw new Error(`run ${run.id} has no step ${stepId}: was the runbook changed while it ran?`);
  }
  return { step, planned };
}

async function inputOf(
  environment: RunEnvironment,
  run: Run,
  { step, planned }: StepPart,
): Promise<{ value?: unknown; skip?: string }> {
  const before = (run.plan?.steps ?? []).filter(({ id }) => id !== planned.id);
  const outputs = await stepOutputs(environment.database, run.id, before);
  const scope = scopeOf(run, clusterOf(environment, run.cluster), outputs);
  if (step.if !== undefined && !evaluateCondition(step, scope)) {
    return { skip: `its condition does not hold: ${step.if}` };
  }
  return { value: evaluateWith(step, scope) };
}

async function attempts(
  environment: RunEnvironment,
  scene: StepPart & { run: Run; startedAt: number },
  input: unknown,
): Promise<StepOutcome> {
  const { step, run, planned, startedAt } = scene;
  const action = actionOf(environment, step);
  const context = stepContext(environment, {
    run,
    planned,
    startedAt,
    timeoutMs: step.timeoutMs,
    undoing: false,
  });
  for (let attempt = 1; ; attempt += 1) {
    try {
      await context.checkpoint();
      return await action.execute(context, action.input.parse(input));
    } catch (error) {
      if (attempt >= step.retry.attempts || isFinal(error)) throw error;
      await context.tell({
        key: `attempt-${attempt}`,
        level: 'warning',
        text: `Attempt ${attempt} of ${step.retry.attempts} failed: ${errorMessage(error)}`,
      });
      await environment.clock.sleep(step.retry.backoffMs, environment.shutdown);
    }
  }
}

const FINAL = new Set([
  'run_stopped',
  'step_timeout',
  'database_unavailable',
  'effect_not_approved',
]);

function isFinal(error: unknown): boolean {
  return FINAL.has(errorCode(error) ?? '');
}

function outcomeRow(outcome: StepOutcome) {
  const { summary, left = [], outputs } = outcome;
  return { summary, left, ...(outputs && { outputs }) };
}

async function skip(
  { database }: RunEnvironment,
  run: Run,
  { stepId, why }: { stepId: string; why: string },
): Promise<StepVerdict> {
  await endStep(database, run.id, { id: stepId, status: 'skipped', summary: why, left: [] });
  return { status: 'skipped' };
}

async function failed(
  environment: RunEnvironment,
  run: Run,
  { stepId, error }: { stepId: string; error: unknown },
): Promise<StepVerdict> {
  const code = errorCode(error) ?? 'step_failed';
  if (code === 'database_unavailable') throw error;
  if (environment.shutdown.aborted) throw new ShuttingDownError(stepId, { cause: error });
  const failure = { code, message: errorMessage(error) };
  const stopped = code === 'run_stopped';
  environment.log.warn({ runId: run.id, stepId, err: error }, 'step did not finish');
  await endStep(environment.database, run.id, {
    id: stepId,
    status: 'failed',
    error: failure,
    left: [],
  });
  await say(environment, run, {
    key: `${stepId}/failed`,
    text: failure.message,
    stepId,
    level: stopped ? 'warning' : 'error',
  });
  if (!stopped) await saveFailure(environment.database, run.id, failure);
  return { status: 'failed', end: stopped ? 'cancelled' : 'failed' };
}

async function takeBack(
  environment: RunEnvironment,
  { run, stepId }: { run: Run; stepId: string },
  work: () => Promise<StepOutcome | undefined>,
): Promise<StepVerdict> {
  try {
    const outcome = await insist(environment, work);
    if (outcome === undefined) return { status: 'skipped' };
    await noteUndo(environment, run, { stepId, outcome });
    return { status: 'done' };
  } catch (error) {
    if (errorCode(error) === 'database_unavailable') throw error;
    if (environment.shutdown.aborted) throw new ShuttingDownError(stepId, { cause: error });
    const text = `Step ${stepId} could not be taken back: ${errorMessage(error)}`;
    environment.log.error({ runId: run.id, stepId, err: error }, 'could not undo');
    await noteUndo(environment, run, {
      stepId,
      outcome: { summary: text, changed: false, left: [text] },
    });
    return { status: 'failed', end: 'failed' };
  }
}

async function noteUndo(
  environment: RunEnvironment,
  run: Run,
  { stepId, outcome }: { stepId: string; outcome: StepOutcome },
): Promise<void> {
  const { summary, changed, left = [] } = outcome;
  await environment.database.query(sql`
    update run_step set undo = ${JSON.stringify({ summary, changed, left })},
      status = case when ${changed} then 'undone' else status end
    where run_id = ${run.id} and step_id = ${stepId}`);
  await say(environment, run, { key: `${stepId}/undo`, text: summary, stepId });
}

async function say(
  { database }: RunEnvironment,
  run: Run,
  event: { key: string; text: string; stepId: string; level?: 'info' | 'warning' | 'error' },
): Promise<void> {
  await database.transaction((tx) => tell(tx, run.id, event));
}
