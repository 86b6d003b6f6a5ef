import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { vi } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { openEnginePool } from '../../src/database/engine-pool.ts';
import { connectCluster } from '../../src/kubernetes/connect-cluster.ts';
import type { Cluster } from '../../src/kubernetes/kubernetes.ts';
import { inEnglish, translated } from '../../src/language/translate.ts';
import { createMachineProviders } from '../../src/provider/find-owner.ts';
import { loadRunbooks } from '../../src/runbooks/loader.ts';
import type { ApprovalRule } from '../../src/runs/approval-policy.ts';
import { createPhases } from '../../src/runs/create-phases.ts';
import { executeRun } from '../../src/runs/execute-run.ts';
import type { RunStatus } from '../../src/runs/run.ts';
import type { RunEnvironment } from '../../src/runs/run-environment.ts';
import { createRuns } from '../../src/runs/run-service.ts';
import type { Decider, RunRequest } from '../../src/runs/runs.ts';
import type { ShownRun } from '../../src/runs/shown-run.ts';
import { createDbosEngine } from '../../src/workflow/dbos-engine.ts';
import { freshDatabase } from '../fresh-database.ts';
import { type Shelf, shelfActions } from './shelf-actions.ts';

export const mina = { kind: 'slack', id: 'U0MINA', name: 'Mina Park' } as const;
export const jun: Decider = { kind: 'slack', id: 'U0JUN', name: 'Jun Seo', groups: ['S0SRE'] };
export const sora: Decider = { kind: 'slack', id: 'U0SORA', name: 'Sora Kim', groups: ['S0SRE'] };

export const rule: ApprovalRule = {
  runbook: '*',
  cluster: '*',
  risk: 'destructive',
  groups: ['S0SRE'],
  users: [],
  quorum: 1,
  selfApproval: false,
  expiresAfterMs: 60_000,
};

/** Runs as they are in the product, over real Postgres and the real engine, with actions that act on a shelf. */
export async function startRunWorld(shelf: Shelf) {
  const fresh = await freshDatabase();
  const log = pino({ level: 'silent' });
  const engine = createDbosEngine({
    database: fresh.database,
    databaseUrl: fresh.url,
    pool: openEnginePool(fresh.url, log),
    executorId: randomUUID(),
    applicationVersion: 'test',
    log,
  });
  const rules: ApprovalRule[] = [rule];
  const shutdown = new AbortController();
  let engineStopped = false;
  async function shutDownEngine(): Promise<void> {
    if (engineStopped) return;
    engineStopped = true;
    await engine.shutdown();
  }
  const environment: RunEnvironment = {
    database: fresh.database,
    engine,
    clusters: new Map([['kr', { client: unusedCluster(), facts: clusterFacts }]]),
    catalogue: loadRunbooks(
      fileURLToPath(new URL('./fixtures/runbooks', import.meta.url)),
      shelfActions(shelf),
    ),
    actions: shelfActions(shelf),
    providers: createMachineProviders({}),
    approvalRules: rules,
    clock: systemClock,
    log,
    shutdown: shutdown.signal,
  };
  const phases = createPhases(environment);
  engine.define((workflow, runId) => executeRun(workflow, runId, phases));
  await engine.launch();
  const runs = createRuns(environment);

  async function ask(overrides: Partial<RunRequest> = {}): Promise<string> {
    const { runId } = await runs.request({
      runbook: 'tidy',
      cluster: 'kr',
      inputs: { shelf: `shelf-${randomUUID().slice(0, 8)}` },
      requester: mina,
      cause: { kind: 'command', text: 'tidy' },
      dryRun: false,
      accepted: [],
      ...overrides,
    });
    return runId;
  }

  /** As it is shown in English. */
  function until(runId: string, status: RunStatus): Promise<ShownRun> {
    return vi.waitFor(
      async () => {
        const run = await runs.get(runId);
        if (run.status !== status)
          throw new Error(
            `run ${runId} is ${run.status}, not ${status}: ${JSON.stringify(run.failure ?? null)}`,
          );
        return translated(run, inEnglish);
      },
      { timeout: 15_000, interval: 25 },
    );
  }

  return {
    environment,
    phases,
    database: fresh.database,
    runs,
    rules,
    ask,
    until,
    shutDown: () => shutdown.abort(new Error('the test shuts it down')),
    shutDownEngine,
    stop: async () => {
      await shutDownEngine();
      await fresh.drop();
    },
  };
}
export type RunWorld = Awaited<ReturnType<typeof startRunWorld>>;

const clusterFacts = {
  name: 'kr',
  region: 'ap-northeast-2',
  leaseNamespace: 'handrail',
  provider: 'auto',
  tiles: [],
  criticalNamespaces: [],
} as const;

/** The shelf actions call no API: this client would have nobody to talk to. */
function unusedCluster(): Cluster {
  return connectCluster({
    name: 'kr',
    kubeconfig: fileURLToPath(new URL('./fixtures/nowhere.kubeconfig.yml', import.meta.url)),
    context: 'nowhere',
    inCluster: false,
  });
}
