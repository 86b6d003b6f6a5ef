import type { Effect, Observed } from '../actions/action.ts';
import { effectKey } from './effects.ts';
import { insist } from './insist.ts';
import type { Journal } from './journal.ts';
import { isNoOutcome } from './no-outcome.ts';
import { actionOf } from './plan-run.ts';
import type { Run } from './run.ts';
import type { RunEnvironment } from './run-environment.ts';
import { ShuttingDownError } from './run-errors.ts';
import { runJournal } from './run-journal.ts';
import { stepContext } from './step-context.ts';
import { partOf } from './step-part.ts';

/**
 * Looks, at a run's end, whether the changes have happened whose intents a crash left open: a run that was stopped between
 * the crash and its step's return has nobody else who would. What cannot be looked at stays open, to be told as not known.
 */
export async function settleOpen(environment: RunEnvironment, run: Run): Promise<void> {
  const journal = runJournal(environment, run);
  const open = await journal.open();
  // Side by side: with the cluster away, each look is given up only after minutes, and the run's end waits for them.
  await Promise.all(open.map((effect) => settle(environment, run, { journal, effect })));
}

async function settle(
  environment: RunEnvironment,
  run: Run,
  { journal, effect }: { journal: Journal; effect: Effect },
): Promise<void> {
  try {
    const seen = await insist(environment, async () => observe(environment, run, effect));
    if (seen !== undefined) await journal.settleSeen(effect, seen);
  } catch (error) {
    if (isNoOutcome(error)) throw error;
    if (environment.shutdown.aborted) throw new ShuttingDownError('end', { cause: error });
    environment.log.warn(
      { runId: run.id, verb: effect.verb, object: effect.object, err: error },
      'could not look whether a change has happened',
    );
  }
}

/** Undefined where the effect is of no step: a Lease, which is settled when it is released. */
async function observe(
  environment: RunEnvironment,
  run: Run,
  effect: Effect,
): Promise<Observed | undefined> {
  const stepId = stepOf(run, effect);
  if (stepId === undefined) return undefined;
  const { step, planned } = partOf(environment, run, stepId);
  const begun = run.steps.find(({ id }) => id === stepId)?.startedAt;
  const context = stepContext(environment, {
    run,
    planned,
    startedAt: begun ?? environment.clock.now(),
    timeoutMs: step.timeoutMs,
    undoing: true,
  });
  return actionOf(environment, step).observe?.(context, effect);
}

function stepOf({ plan }: Run, effect: Effect): string | undefined {
  const key = effectKey(effect);
  return plan?.steps.find(({ effects }) => effects.some((each) => effectKey(each) === key))?.id;
}
