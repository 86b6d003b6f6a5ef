import type { StepOutcome, Told } from '../actions/action.ts';
import { errorCode, errorText } from '../errors.ts';
import { say, type Text } from '../language/text.ts';
import { holdTarget } from './holding-target.ts';
import { insist } from './insist.ts';
import { isNoOutcome } from './no-outcome.ts';
import type { Begun, Phases, StepVerdict } from './phases.ts';
import { actionOf } from './plan-run.ts';
import type { Run } from './run.ts';
import type { RunEnvironment } from './run-environment.ts';
import { ShuttingDownError } from './run-errors.ts';
import { loadRun, titlesOf } from './run-rows.ts';
import { beginStep, endStep, saveFailure, setStatus } from './run-store.ts';
import { stepContext } from './step-context.ts';
import { inputOf, partOf, type StepPart } from './step-part.ts';
import { tell } from './timeline.ts';

/** Carrying out steps one by one. */
export function stepping(environment: RunEnvironment): Pick<Phases, 'begin' | 'carryOut'> {
  const { database } = environment;
  const load = (runId: string) => loadRun(database, runId, titlesOf(environment.catalogue));

  async function begin(runId: string): Promise<Begun> {
    const run = await load(runId);
    try {
      await holdTarget(environment, run);
    } catch (error) {
      if (errorCode(error) !== 'target_leased') throw error;
      const failure = { code: 'target_leased', message: errorText(error) };
      await saveFailure(database, runId, failure);
      return { status: 'ended', end: 'failed' };
    }
    await database.transaction((tx) => setStatus(tx, runId, 'running'));
    return { status: 'begun', steps: run.plan?.steps.map(({ id }) => id) ?? [] };
  }

  async function carryOut(runId: string, stepId: string): Promise<StepVerdict> {
    const run = await load(runId);
    const before = endedBefore(run, stepId);
    if (before !== undefined) return before;
    try {
      return await carryOutStep(environment, run, stepId);
    } catch (error) {
      return failed(environment, run, { stepId, error });
    }
  }

  return { begin, carryOut };
}

/** Ended before a crash that lost the result: what its row says is what happened, and it is not begun again. */
function endedBefore(run: Run, stepId: string): StepVerdict | undefined {
  const step = run.steps.find(({ id }) => id === stepId);
  if (step?.status === 'done' || step?.status === 'skipped') return { status: step.status };
  return step?.status === 'failed' ? failedAs(step.error?.code) : undefined;
}

function failedAs(code: string | undefined): StepVerdict {
  return { status: 'failed', end: code === 'run_stopped' ? 'cancelled' : 'failed' };
}

async function carryOutStep(
  environment: RunEnvironment,
  run: Run,
  stepId: string,
): Promise<StepVerdict> {
  const { database } = environment;
  const part = partOf(environment, run, stepId);
  const skipped = part.planned.skip;
  const input = skipped === undefined ? await inputOf(environment, run, part) : { skip: skipped };
  if (input.skip !== undefined) return skip(environment, run, { part, why: input.skip });
  const startedAt = await beginStep(database, run.id, stepId);
  const outcome = await attempts(environment, { run, ...part, startedAt }, input.value);
  await database.transaction(async (tx) => {
    await environment.engine.checkOwner(tx);
    await tell(tx, run.id, { key: `${stepId}/done`, text: outcome.summary, stepId });
    await endStep(tx, run.id, { id: stepId, status: 'done', ...outcomeRow(outcome) });
  });
  return { status: 'done' };
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
      return await insist(
        environment,
        async () => {
          await context.checkpoint();
          return action.execute(context, action.input.parse(input));
        },
        (error) => context.tell(waitsForApiServer(error)),
      );
    } catch (error) {
      if (attempt >= step.retry.attempts || isFinal(error)) throw error;
      await context.tell({
        key: `attempt-${attempt}`,
        level: 'warning',
        text: say('Attempt {attempt} of {attempts} failed: {why}', {
          attempt,
          attempts: step.retry.attempts,
          why: errorText(error),
        }),
      });
      await environment.clock.sleep(step.retry.backoffMs, environment.shutdown);
    }
  }
}

function waitsForApiServer(error: unknown): Told {
  const text = say('Waits for the API server, and goes on: {why}', { why: errorText(error) });
  return { key: 'api-server', level: 'warning', text };
}

const FINAL = new Set(['run_stopped', 'step_timeout', 'effect_not_approved']);

function isFinal(error: unknown): boolean {
  return isNoOutcome(error) || FINAL.has(errorCode(error) ?? '');
}

function outcomeRow(outcome: StepOutcome) {
  const { summary, left = [], outputs } = outcome;
  return { summary, left, ...(outputs && { outputs }) };
}

async function skip(
  { database }: RunEnvironment,
  run: Run,
  { part, why }: { part: StepPart; why: Text },
): Promise<StepVerdict> {
  const { id, left = [] } = part.planned;
  await database.transaction((tx) =>
    endStep(tx, run.id, { id, status: 'skipped', summary: why, left }),
  );
  return { status: 'skipped' };
}

async function failed(
  environment: RunEnvironment,
  run: Run,
  { stepId, error }: { stepId: string; error: unknown },
): Promise<StepVerdict> {
  const code = errorCode(error) ?? 'step_failed';
  if (isNoOutcome(error)) throw error;
  if (environment.shutdown.aborted) throw new ShuttingDownError(stepId, { cause: error });
  const failure = { code, message: errorText(error) };
  const stopped = code === 'run_stopped';
  environment.log.warn({ runId: run.id, stepId, err: error }, 'step did not finish');
  const level = stopped ? 'warning' : 'error';
  await environment.database.transaction(async (tx) => {
    await environment.engine.checkOwner(tx);
    await tell(tx, run.id, { key: `${stepId}/failed`, text: failure.message, stepId, level });
    await endStep(tx, run.id, { id: stepId, status: 'failed', error: failure, left: [] });
    if (!stopped) await saveFailure(tx, run.id, failure);
  });
  return failedAs(code);
}
