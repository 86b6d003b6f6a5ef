import type { Queryable, Transaction } from '../database/database.ts';
import type { Json } from '../json.ts';

/** The code of an error by which a step says that it was cut off by a shutdown: it is no outcome, the step is done again. */
export const SHUTTING_DOWN = 'shutting_down';

/** The code of the error that `checkOwner` throws. What throws it is no outcome either: the peer's is. */
export const TAKEN_OVER = 'run_taken_over';

/** What a durable workflow may do. Everything outside `step` must be deterministic: no clock, no I/O, no randomness. */
export interface Workflow {
  /** Runs at least once; its result is kept, and given back on replay. */
  step<T extends Json | undefined>(name: string, work: () => Promise<T>): Promise<T>;
  /** The next message on the topic, or undefined at the deadline (epoch milliseconds). Survives restarts. */
  receive<T extends Json>(topic: string, deadline: number): Promise<T | undefined>;
}

/**
 * Durable execution. One workflow, by run id, started once however often it is asked for; a process that restarts goes on
 * with its own runs, and a peer takes over those of a process that died.
 */
export interface WorkflowEngine {
  /** Before `launch`, once. */
  define(execute: (workflow: Workflow, runId: string) => Promise<void>): void;
  launch(): Promise<void>;
  /** Starts the workflow of a run. Safe to repeat: the run id is the workflow's id. */
  start(runId: string): Promise<void>;
  /** Sends to a run's topic in the same transaction as the rows that caused it; the key makes it once. */
  send(
    tx: Transaction,
    message: { runId: string; topic: string; key: string; body: Json },
  ): Promise<void>;
  /**
   * Within a step, before it changes something: whether the run is still this process's, which may have been paused so long
   * that a peer took it for dead.
   * @throws RunTakenOverError (`run_taken_over`)
   */
  checkOwner(queryable: Queryable): Promise<void>;
  /** Runs that wait for another version of Handrail. */
  stranded(): Promise<readonly { runId: string; version: string }[]>;
  shutdown(): Promise<void>;
}
