import sql from 'sql-template-tag';
import type { Mutation } from '../actions/action.ts';
import { errorCode, errorMessage } from '../errors.ts';
import { auditWho } from './audit-who.ts';
import { insist } from './insist.ts';
import { Journal } from './journal.ts';
import { clusterOf } from './plan-run.ts';
import type { Run } from './run.ts';
import type { RunEnvironment } from './run-environment.ts';
import { ShuttingDownError } from './run-errors.ts';
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
  await orSay(environment, run, takeLease(sceneOf(environment, run)));
}

/** Safe to repeat; does nothing for a run that never came to hold its target. */
export async function letTargetGo(environment: RunEnvironment, run: Run): Promise<void> {
  const held = await environment.database.query(sql`
    select 1 from journal where run_id = ${run.id} and effect->>'verb' = 'lease' and status <> 'refused'`);
  if (held.length === 0) return;
  await orSay(environment, run, releaseLease(sceneOf(environment, run)));
}

function sceneOf(environment: RunEnvironment, run: Run): LeaseScene {
  const { steps } = environment.catalogue.get(run.runbook);
  let durationMs = MARGIN_MS;
  for (const step of steps) durationMs += step.timeoutMs;
  return {
    run,
    namespace: clusterOf(environment, run.cluster).facts.leaseNamespace,
    durationMs,
    now: environment.clock.now(),
  };
}

async function orSay(environment: RunEnvironment, run: Run, mutation: Mutation): Promise<void> {
  const { database } = environment;
  const cluster = clusterOf(environment, run.cluster).client;
  const journal = new Journal(database, {
    runId: run.id,
    traceId: run.traceId,
    cluster: run.cluster,
    who: auditWho(run),
  });
  try {
    const actor = cluster.as({ runId: run.id, traceId: run.traceId });
    // A Lease that could not be taken is said, and the run goes on; one that is left keeps others away for hours.
    if (mutation.effect.verb === 'lease') await journal.carryOut(mutation, actor);
    else await insist(environment, () => journal.carryOut(mutation, actor));
  } catch (error) {
    const code = errorCode(error);
    if (code === 'target_leased' || code === 'database_unavailable') throw error;
    if (environment.shutdown.aborted)
      throw new ShuttingDownError(mutation.effect.verb, { cause: error });
    const text = `Other tools cannot see that this run is at work: ${errorMessage(error)}`;
    await database.transaction((tx) =>
      tell(tx, run.id, { key: `lease-${mutation.effect.verb}`, level: 'warning', text }),
    );
  }
}
