import sql from 'sql-template-tag';
import type { Mutation } from '../actions/action.ts';
import { errorCode, errorText } from '../errors.ts';
import { say, type Text } from '../language/text.ts';
import { insist } from './insist.ts';
import { isNoOutcome } from './no-outcome.ts';
import { clusterOf } from './plan-run.ts';
import type { Run } from './run.ts';
import type { RunEnvironment } from './run-environment.ts';
import { ShuttingDownError } from './run-errors.ts';
import { runJournal } from './run-journal.ts';
import { type LeaseScene, releaseLease, takeLease } from './target-lease.ts';
import { tell } from './timeline.ts';

/** Beyond the longest that all steps may take. */
const MARGIN_MS = 10 * 60_000;

/**
 * Shows in the cluster that the run is at work on its target. Where Handrail may not write Leases there, that is said and
 * the run goes on: the lock that counts is its own row.
 * @throws TargetLeasedError (`target_leased`)
 */
export async function holdTarget(environment: RunEnvironment, run: Run): Promise<void> {
  await orSay(environment, run, { verb: 'lease', mutationOf: takeLease });
}

/** Safe to repeat; does nothing for a run that never came to hold its target. */
export async function letTargetGo(environment: RunEnvironment, run: Run): Promise<void> {
  const held = await environment.database.query(sql`
    select 1 from journal where run_id = ${run.id} and effect->>'verb' = 'lease' and status <> 'refused'`);
  if (held.length === 0) return;
  await orSay(environment, run, { verb: 'release', mutationOf: releaseLease });
}

function sceneOf(environment: RunEnvironment, run: Run): LeaseScene {
  const { steps } = environment.catalogue.find(run.runbook) ?? { steps: [] };
  let durationMs = MARGIN_MS;
  for (const step of steps) durationMs += step.timeoutMs;
  return {
    run,
    namespace: clusterOf(environment, run.cluster).facts.leaseNamespace,
    durationMs,
    now: environment.clock.now(),
  };
}

interface Hold {
  readonly verb: 'lease' | 'release';
  readonly mutationOf: (scene: LeaseScene) => Mutation;
}

/** What goes wrong is said, and the run goes on: also where its cluster is not in the settings any more. */
async function orSay(environment: RunEnvironment, run: Run, hold: Hold): Promise<void> {
  try {
    await carryOut(environment, run, hold);
  } catch (error) {
    const code = errorCode(error);
    if (code === 'target_leased' || isNoOutcome(error)) throw error;
    if (environment.shutdown.aborted) throw new ShuttingDownError(hold.verb, { cause: error });
    await environment.database.transaction((tx) =>
      tell(tx, run.id, {
        key: `lease-${hold.verb}`,
        level: 'warning',
        text: unseen(hold.verb, errorText(error)),
      }),
    );
  }
}

function unseen(verb: Hold['verb'], why: Text): Text {
  return verb === 'lease'
    ? say('Other tools cannot see that this run is at work: {why}', { why })
    : say('Other tools may still see this run at work, until its Lease runs out: {why}', { why });
}

async function carryOut(environment: RunEnvironment, run: Run, hold: Hold): Promise<void> {
  const mutation = hold.mutationOf(sceneOf(environment, run));
  const { client } = clusterOf(environment, run.cluster);
  const actor = client.as({ runId: run.id, traceId: run.traceId });
  const journal = runJournal(environment, run);
  // A Lease that could not be taken is said, and the run goes on; one that is left keeps others away for hours.
  if (hold.verb === 'lease') await journal.carryOut(mutation, actor);
  else await insist(environment, () => journal.carryOut(mutation, actor));
}
