import { auditWho } from './audit-who.ts';
import { Journal } from './journal.ts';
import type { Run } from './run.ts';
import type { RunEnvironment } from './run-environment.ts';

/** The journal of a run: it writes intents only as long as the run is this process's. */
export function runJournal({ database, engine }: RunEnvironment, run: Run): Journal {
  const { id, traceId, cluster } = run;
  return new Journal(database, {
    runId: id,
    traceId,
    cluster,
    who: auditWho(run),
    checkOwner: (tx) => engine.checkOwner(tx),
  });
}
