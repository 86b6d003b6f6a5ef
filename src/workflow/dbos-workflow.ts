import { setTimeout as delay } from 'node:timers/promises';
import { DBOS, DBOSWorkflowConflictError, Error as dbosErrors } from '@dbos-inc/dbos-sdk';
import type { Logger } from 'pino';
import { errorCode, errorMessage } from '../errors.ts';
import type { Json } from '../json.ts';
import { parked, type ShutdownGate } from './shutdown-gate.ts';
import { storableError } from './storable-error.ts';
import { SHUTTING_DOWN, TAKEN_OVER, type Workflow } from './workflow.ts';

const RETRY_MS = 300;

/** Messages travel in an envelope: the engine's own null means that the deadline has passed. */
export interface Envelope {
  readonly body: Json;
}

/** What one execution of a run may do; a run that is replayed has several, one after the other. */
export function createWorkflow(gate: ShutdownGate, log: Logger): Workflow {
  let lost: Error | undefined;

  /** Once another execution owns the run, no handler of this one may do anything more, whatever it catches. */
  async function whileOwned<T>(work: () => Promise<T>): Promise<T> {
    if (gate.isClosed) return parked();
    if (lost) throw lost;
    try {
      return await work();
    } catch (error) {
      // the engine is taken down under us, perhaps: what truly failed is stored, and seen at the next start
      if (gate.isClosed) return parked();
      if (isOwnershipLost(error)) lost = error;
      throw error;
    }
  }

  return {
    step: (name, work) =>
      whileOwned(() =>
        gate.run(() =>
          DBOS.runStep(() => untilDatabaseAnswers(work, { name, gate, log }), { name }),
        ),
      ),
    receive: <T extends Json>(topic: string, deadline: number) =>
      whileOwned(async () => {
        const envelope = await DBOS.recv<Envelope>(topic, { deadlineEpochMS: deadline });
        return envelope === null ? undefined : (envelope.body as T);
      }),
  };
}

function isOwnershipLost(error: unknown): error is Error {
  return (
    error instanceof DBOSWorkflowConflictError ||
    error instanceof dbosErrors.DBOSWorkflowCancelledError
  );
}

/**
 * A database that is away is no outcome of a step: it could not be stored either. So the step is done again until it ends
 * in any other way, as it would be after a crash.
 */
async function untilDatabaseAnswers<T>(
  work: () => Promise<T>,
  { name, gate, log }: { name: string; gate: ShutdownGate; log: Logger },
): Promise<T> {
  while (true) {
    try {
      return await work();
    } catch (error) {
      const code = errorCode(error);
      if (isCutOff(code)) return gate.abandon();
      if (code !== 'database_unavailable') throw storableError(error);
      if (gate.isClosed) return gate.abandon();
      log.warn({ step: name, reason: errorMessage(error) }, 'step waits for the database');
      await delay(RETRY_MS);
    }
  }
}

/** No outcome: the next process, or the peer that has the run, comes to one. */
function isCutOff(code: string | undefined): boolean {
  return code === SHUTTING_DOWN || code === TAKEN_OVER;
}
