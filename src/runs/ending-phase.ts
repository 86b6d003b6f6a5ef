import { anchorText, appendAudit, auditHead } from '../audit/audit-log.ts';
import type { Transaction } from '../database/database.ts';
import { inEnglish, translated } from '../language/translate.ts';
import { auditWho } from './audit-who.ts';
import { describeEnd } from './describe-end.ts';
import { letTargetGo } from './holding-target.ts';
import type { Phases } from './phases.ts';
import type { Failure, Run, RunEnd, RunOutcome } from './run.ts';
import type { RunEnvironment } from './run-environment.ts';
import { runJournal } from './run-journal.ts';
import { loadRun, titlesOf } from './run-rows.ts';
import { endRun, saveFailure } from './run-store.ts';
import { END_WORDS } from './run-words.ts';
import { settleOpen } from './settle-open.ts';
import { tell } from './timeline.ts';

/** The end of a run: its outcome in words, its target freed, its last audit entry written, all in one transaction. */
export function ending(environment: RunEnvironment): Pick<Phases, 'giveUp' | 'end'> {
  const { database, catalogue, log } = environment;

  async function end(runId: string, status: RunEnd): Promise<undefined> {
    const run = await loadRun(database, runId, titlesOf(catalogue));
    await settleOpen(environment, run);
    await letTargetGo(environment, run);
    const outcome = describeEnd(run, status);
    await database.transaction(async (tx) => {
      await tell(tx, runId, { key: 'end', text: END_WORDS[status] });
      if (!(await endRun(tx, runId, { status, outcome }))) return;
      await runJournal(environment, run).closeOpen(tx);
      await auditEnd(tx, run, { status, outcome });
    });
    const head = await auditHead(database);
    log.info({ runId, status, anchor: anchorText(head) }, 'run ended');
    return undefined;
  }
  async function giveUp(runId: string, failure: Failure): Promise<undefined> {
    log.error({ runId, failure: translated(failure, inEnglish) }, 'a run broke');
    await database.transaction(async (tx) => {
      await tell(tx, runId, {
        key: `gave-up/${inEnglish(failure.message)}`,
        level: 'error',
        text: failure.message,
      });
      await saveFailure(tx, runId, failure);
    });
    return undefined;
  }

  return { giveUp, end };
}

async function auditEnd(
  tx: Transaction,
  run: Run,
  { status, outcome }: { status: RunEnd; outcome: RunOutcome },
): Promise<void> {
  await appendAudit(tx, {
    phase: 'event',
    who: auditWho(run),
    verb: 'end',
    resource: { kind: 'Run', name: run.id, uid: run.traceId },
    cluster: run.cluster,
    run: run.id,
    traceId: run.traceId,
    before: {},
    after: { undone: outcome.undone.map(inEnglish), left: outcome.left.map(inEnglish) },
    outcome: status,
  });
}
