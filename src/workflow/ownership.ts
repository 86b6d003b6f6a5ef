import { AsyncLocalStorage } from 'node:async_hooks';
import type { Database, Queryable } from '../database/database.ts';
import { RunbookError } from '../errors.ts';
import { ownerOf } from './dbos-tables.ts';
import { TAKEN_OVER } from './workflow.ts';

/** A peer took this process for dead, as when it was paused, and has carried the run on since. */
class RunTakenOverError extends RunbookError {
  constructor(runId: string) {
    super(
      TAKEN_OVER,
      `run ${runId} is carried on by another process, which took this one for dead; nothing more is done here`,
      { data: { runId } },
    );
  }
}

interface Execution {
  readonly runId: string;
  /** Another one with each time that somebody begins to carry out the run. */
  readonly owner: string;
}

/**
 * Who carries out a run, looked at before each change. The engine itself notices only when a step ends that a peer has the
 * run, and a step may take hours.
 */
export class Ownership {
  readonly #database: Database;
  readonly #executions = new AsyncLocalStorage<Execution>();

  constructor(database: Database) {
    this.#database = database;
  }

  /** Carries out a run in the name of its owner of this moment. Without one that is known, nothing is ever refused. */
  async during(runId: string, work: () => Promise<void>): Promise<void> {
    const owner = await ownerOf(this.#database, runId).catch(() => undefined);
    if (owner === undefined) return work();
    return this.#executions.run({ runId, owner }, work);
  }

  /** @throws RunTakenOverError (`run_taken_over`) */
  async check(queryable: Queryable): Promise<void> {
    const execution = this.#executions.getStore();
    if (execution === undefined) return;
    const { runId, owner } = execution;
    if ((await ownerOf(queryable, runId)) !== owner) throw new RunTakenOverError(runId);
  }
}
