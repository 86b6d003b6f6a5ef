import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { allActions } from './actions/actions.ts';
import { anchorText, auditHead } from './audit/audit-log.ts';
import { systemClock } from './clock.ts';
import type { Environment, Settings } from './config.ts';
import { type Job, startJobs } from './cron/cron.ts';
import { checkDatabase } from './database/check-database.ts';
import type { Database } from './database/database.ts';
import { explained } from './database/database-setup.ts';
import { startEmbeddedPostgres } from './database/embedded-postgres.ts';
import { openEnginePool } from './database/engine-pool.ts';
import { migrate } from './database/migrate.ts';
import { connectDatabase } from './database/postgres.ts';
import { healthRoutes } from './http/health.ts';
import { connectCluster } from './kubernetes/connect-cluster.ts';
import { createMachineProviders } from './provider/find-owner.ts';
import { loadRunbooks } from './runbooks/loader.ts';
import { createPhases } from './runs/create-phases.ts';
import { executeRun } from './runs/execute-run.ts';
import type { PlanEnvironment, RunEnvironment } from './runs/run-environment.ts';
import { createRuns, startForgotten } from './runs/run-service.ts';
import type { Runs } from './runs/runs.ts';
import type { Pace } from './slack/pace.ts';
import { requireSlackVariables } from './slack/required-variables.ts';
import { startSlack } from './slack/start-slack.ts';
import { createDbosEngine } from './workflow/dbos-engine.ts';

/** Runs are carried on only by a Handrail of the same workflow version: raise it when the order of a run's steps changes. */
const WORKFLOW_VERSION = '1';

export interface AppOptions {
  readonly settings: Settings;
  readonly environment: Environment;
  readonly log: Logger;
  /** How fast messages go out; Slack's own limits where it is not given. */
  readonly pace?: Pace;
}

/** What is open is closed in the opposite order. */
export class Closers {
  readonly #closers: (() => Promise<unknown>)[] = [];

  add(close: () => Promise<unknown>): void {
    this.#closers.push(close);
  }

  async close(): Promise<void> {
    for (const close of this.#closers.splice(0).toReversed()) await close();
  }
}

/** The tables, wherever they are: the given Postgres, or the embedded one. */
export async function openDatabase(
  { environment, log }: Pick<AppOptions, 'environment' | 'log'>,
  closers: Closers,
): Promise<{ database: Database; url: string }> {
  let url = environment.databaseUrl;
  if (url === undefined) {
    const embedded = await startEmbeddedPostgres({ dataDir: environment.dataDir, log });
    closers.add(embedded.stop);
    url = embedded.url;
  }
  await checkDatabase(url, { log, clock: systemClock });
  await migrate(url, log);
  const database = await connectDatabase(url, { log });
  closers.add(() => database.close());
  return { database, url };
}

export interface Core {
  readonly environment: RunEnvironment;
  readonly runs: Runs;
}

/**
 * Everything but Slack: enough to run and to stop runs, as the command line does. Each process is an executor under a
 * name of its own: what a killed one left is taken over by whoever is there, itself come back included.
 */
export async function startCore(options: AppOptions, closers: Closers): Promise<Core> {
  const { settings, log } = options;
  const { database, url } = await openDatabase(options, closers);
  const engine = createDbosEngine({
    database,
    databaseUrl: url,
    pool: openEnginePool(url, log),
    executorId: randomUUID(),
    applicationVersion: WORKFLOW_VERSION,
    log,
  });
  const shutdown = new AbortController();
  const environment: RunEnvironment = {
    ...planEnvironment(settings),
    database,
    engine,
    approvalRules: settings.approvals,
    log,
    shutdown: shutdown.signal,
  };
  const phases = createPhases(environment);
  engine.define((workflow, runId) => executeRun(workflow, runId, phases));
  // closed also where it could not be launched: what is open of it would keep the process alive
  closers.add(() => engine.shutdown());
  await explained(url, () => engine.launch());
  closers.add(async () => shutdown.abort(new Error('Handrail is shutting down')));
  closers.add(startJobs(jobs(environment), log));
  return { environment, runs: createRuns(environment) };
}

/** Enough to plan: clusters to read and runbooks to read them by. */
export function planEnvironment(settings: Settings): PlanEnvironment {
  return {
    clusters: new Map(
      settings.clusters.map((cluster) => [
        cluster.name,
        { client: connectCluster(cluster), facts: cluster },
      ]),
    ),
    catalogue: loadRunbooks(settings.runbooksDir, allActions),
    actions: allActions,
    providers: createMachineProviders(settings.providers),
    clock: systemClock,
  };
}

/** Runs whose process died before it could start them are started; the audit head is noted where Postgres does not reach. */
function jobs(environment: RunEnvironment): Job[] {
  const { database, log } = environment;
  return [
    { name: 'forgotten-runs', when: '*/10 * * * * *', work: () => startForgotten(environment) },
    {
      name: 'audit-anchor',
      when: '0 * * * *',
      work: async () => log.info({ anchor: anchorText(await auditHead(database)) }, 'audit anchor'),
    },
  ];
}

export interface Handrail {
  readonly runs: Runs;
  /** Where Slack's requests are taken; absent with Socket Mode. */
  readonly requestUrl?: string;
  stop(): Promise<void>;
}

/** Handrail as a service: the core, and Slack as its face. */
export async function startHandrail(options: AppOptions): Promise<Handrail> {
  requireSlackVariables(options.environment);
  const closers = new Closers();
  try {
    const { environment, runs } = await startCore(options, closers);
    const slack = await startSlack({
      settings: options.settings,
      environment: options.environment,
      runs,
      catalogue: environment.catalogue,
      database: environment.database,
      log: options.log,
      customRoutes: healthRoutes(environment.database),
      ...(options.pace && { pace: options.pace }),
    });
    closers.add(() => slack.stop());
    const { requestUrl } = slack;
    return { runs, ...(requestUrl && { requestUrl }), stop: () => closers.close() };
  } catch (error) {
    await closers.close();
    throw error;
  }
}
