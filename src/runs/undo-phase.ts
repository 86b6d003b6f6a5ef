import sql from 'sql-template-tag';
import type { StepOutcome } from '../actions/action.ts';
import { errorText } from '../errors.ts';
import { say } from '../language/text.ts';
import { storableJson } from '../storable-text.ts';
import { insist } from './insist.ts';
import { isNoOutcome } from './no-outcome.ts';
import type { Phases, StepVerdict } from './phases.ts';
import { actionOf } from './plan-run.ts';
import { hasEnded, type Run } from './run.ts';
import type { RunEnvironment } from './run-environment.ts';
import { ShuttingDownError } from './run-errors.ts';
import { loadRun, titlesOf } from './run-rows.ts';
import { setStatus } from './run-store.ts';
import { stepContext } from './step-context.ts';
import { inputOf, partOf } from './step-part.ts';
import { tell } from './timeline.ts';

/** Taking steps back, as far as what they changed is still ours. What cannot be taken back is noted as left. */
export function undoing(environment: RunEnvironment): Pick<Phases, 'undo'> {
  const { database, catalogue } = environment;

  async function undo(runId: string, stepId: string): Promise<StepVerdict> {
    const run = await loadRun(database, runId, titlesOf(catalogue));
    if (hasEnded(run.status)) return { status: 'skipped' };
    // Taken back before a crash: what was said of it then is what happened.
    if (run.steps.some(({ id, undo: noted }) => id === stepId && noted)) return { status: 'done' };
    return takeBack(environment, { run, stepId }, () => undoStep(environment, run, stepId));
  }

  return { undo };
}

async function undoStep(
  environment: RunEnvironment,
  run: Run,
  stepId: string,
): Promise<StepOutcome | undefined> {
  const part = partOf(environment, run, stepId);
  const action = actionOf(environment, part.step);
  if (!part.step.undo || action.undo === undefined) return undefined;
  await environment.database.transaction((tx) => setStatus(tx, run.id, 'undoing'));
  const context = stepContext(environment, {
    run,
    planned: part.planned,
    startedAt: environment.clock.now(),
    timeoutMs: part.step.timeoutMs,
    undoing: true,
  });
  const input = await inputOf(environment, run, part);
  return action.undo(context, action.input.parse(input.value));
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
    if (isNoOutcome(error)) throw error;
    if (environment.shutdown.aborted) throw new ShuttingDownError(stepId, { cause: error });
    const text = say('Step {step} could not be taken back: {why}', {
      step: stepId,
      why: errorText(error),
    });
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
  await environment.database.transaction(async (tx) => {
    await environment.engine.checkOwner(tx);
    await tell(tx, run.id, { key: `${stepId}/undo`, text: summary, stepId });
    await tx.query(sql`
    update run_step set undo = ${storableJson({ summary, changed, left })},
      status = case when ${changed} then 'undone' else status end
    where run_id = ${run.id} and step_id = ${stepId}`);
  });
}
