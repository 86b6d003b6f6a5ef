import { DBOS, DBOSClient, type DBOSConfig } from '@dbos-inc/dbos-sdk';
import { DBOSExecutor } from '@dbos-inc/dbos-sdk/internal/dbos-executor';
import { dbRetryConfig } from '@dbos-inc/dbos-sdk/internal/utils';
import type { Logger } from 'pino';
import type { Database } from '../database/database.ts';
import { dbosLog } from './dbos-log.ts';
import { APPLICATION, strandedRuns } from './dbos-tables.ts';
import { createWorkflow, type Envelope } from './dbos-workflow.ts';
import { createExecutors } from './executors.ts';
import { oneAtATime } from './one-at-a-time.ts';
import { Ownership } from './ownership.ts';
import { ShutdownGate } from './shutdown-gate.ts';
import type { WorkflowEngine } from './workflow.ts';

export interface DbosEngineOptions {
  readonly database: Database;
  /** The same database, for the engine's own tables (schema `dbos`). */
  readonly databaseUrl: string;
  /** The engine's own connections, which it closes at shutdown: see openEnginePool. */
  readonly pool: NonNullable<DBOSConfig['systemDatabasePool']>;
  /**
   * Names this process to its peers. A process that comes back under the same name goes on with its runs at once; two that
   * live under one name would both carry out the same runs.
   */
  readonly executorId: string;
  /** Runs go on only under the version that started them. Change it when the order of a run's steps changes. */
  readonly applicationVersion: string;
  readonly log: Logger;
  /** Default 1 s. */
  readonly beatMs?: number;
  /** A peer takes over the runs of an executor that has not beaten for so long; default 3 s. */
  readonly staleAfterMs?: number;
  /** How long `shutdown` waits for steps under way; default 10 s. A step cut off is done again, as after a crash. */
  readonly shutdownTimeoutMs?: number;
}

type Execute = Parameters<WorkflowEngine['define']>[0];
type PgClient = Parameters<DBOSClient['sendInTransaction']>[0];

/** DBOS itself would look for a lost database only once a minute in the end. Seconds. */
const DATABASE_RETRIES = { initialBackoffSec: 0.1, maxBackoffSec: 3 };

/** Restarts are counted for good, and a run may wait for its approval through many of them. */
const MOST_RECOVERIES = 10_000;

/** DBOS is one per process, and so is what it runs: the engine that was launched last sets this. */
let execution: ((runId: string) => Promise<void>) | undefined;
const carryOut = DBOS.registerWorkflow(
  async (runId: string) => {
    if (execution === undefined) throw new Error('no workflow engine has been launched');
    await execution(runId);
  },
  { name: 'run', maxRecoveryAttempts: MOST_RECOVERIES },
);

/**
 * Durable execution by DBOS. One engine at a time in a process, as DBOS keeps its state in module variables; after
 * `shutdown` another may be created.
 */
export function createDbosEngine(options: DbosEngineOptions): WorkflowEngine {
  const { database, pool, log } = options;
  const version = options.applicationVersion;
  const staleAfterMs = options.staleAfterMs ?? 3_000;
  const gate = new ShutdownGate();
  const ownership = new Ownership(database);
  let execute: Execute | undefined;
  let client: DBOSClient | undefined;
  const executors = createExecutors({
    database,
    executorId: options.executorId,
    version,
    beatMs: options.beatMs ?? 1_000,
    staleAfterMs,
    log,
    recover: async (ids) => DBOSExecutor.globalInstance?.recoverPendingWorkflows(ids),
  });

  return {
    define(defined) {
      if (execute) throw new Error('the workflow is defined already');
      execute = defined;
    },
    async launch() {
      const defined = execute;
      if (defined === undefined) throw new Error('define the workflow before launch');
      execution = (runId) =>
        ownership.during(runId, () => defined(createWorkflow(gate, log.child({ runId })), runId));
      await executors.beat();
      client = await oneAtATime(database, () => launchDbos(options));
      executors.start();
    },
    async start(runId) {
      await DBOS.startWorkflow(carryOut, { workflowID: runId })(runId);
    },
    async send(tx, { runId, topic, key, body }) {
      if (client === undefined) throw new Error('the workflow engine has not been launched');
      const envelope: Envelope = { body };
      await client.sendInTransaction(tx.connection as PgClient, runId, envelope, topic, key);
    },
    checkOwner: (queryable) => ownership.check(queryable),
    stranded: () => strandedRuns(database, { version, staleAfterMs }),
    async shutdown() {
      const ended = await gate.close(options.shutdownTimeoutMs ?? 10_000);
      if (!ended) log.warn('steps under way were cut off: they are done again at the next start');
      await executors.leave().catch((error: unknown) => log.warn({ err: error }, 'not signed off'));
      await client?.destroy();
      await DBOS.shutdown();
      await pool.end();
    },
  };
}

/** Without its cloud: no conductor, no telemetry, nothing that calls out. */
async function launchDbos(options: DbosEngineOptions): Promise<DBOSClient> {
  const connection = {
    systemDatabaseUrl: options.databaseUrl,
    systemDatabasePool: options.pool,
    logger: dbosLog(options.log),
  };
  Object.assign(dbRetryConfig, DATABASE_RETRIES);
  DBOS.setConfig({
    ...connection,
    name: APPLICATION,
    executorID: options.executorId,
    applicationVersion: options.applicationVersion,
    tracingEnabled: false,
  });
  await DBOS.launch();
  return DBOSClient.create({ ...connection, applicationName: APPLICATION });
}
