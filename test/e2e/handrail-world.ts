import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { vi } from 'vitest';
import { stringify } from 'yaml';
import { startHandrail } from '../../src/app.ts';
import { loadSettings, readEnvironment } from '../../src/config.ts';
import { koreaSeed } from '../../src/demo/cluster/seeds.ts';
import {
  type SimulatedCluster,
  type SimulatedClusterOptions,
  startSimulatedCluster,
} from '../../src/demo/cluster/simulated-cluster.ts';
import { demoSettings } from '../../src/demo/demo-settings.ts';
import { clusterSource } from '../../src/demo/panel/cluster-source.ts';
import { FirstRun } from '../../src/demo/panel/first-run.ts';
import { demoSeed } from '../../src/demo/workspace/seed.ts';
import { startWorkspace, type Workspace } from '../../src/demo/workspace/workspace.ts';
import type { Run, RunStatus } from '../../src/runs/run.ts';
import type { Runs } from '../../src/runs/runs.ts';
import { defaultPace } from '../../src/slack/pace.ts';
import { freshDatabase } from '../fresh-database.ts';
import { checkMessages } from '../slack/check-messages.ts';

export interface WorldOptions {
  readonly expiresAfter?: string;
  readonly timings?: SimulatedClusterOptions['timings'];
  /** Of a second cluster, `jp`; without it there is none. */
  readonly japan?: SimulatedClusterOptions['seed'];
  /** The page shows the cluster and the guide, as in the demo. */
  readonly panel?: boolean;
}

/** What surrounds Handrail: a workspace, a cluster, a database, and its settings file. */
export interface Surroundings {
  readonly workspace: Workspace;
  readonly cluster: SimulatedCluster;
  readonly japan: SimulatedCluster | undefined;
  readonly settingsFile: string;
  readonly dataDir: string;
  readonly databaseUrl: string;
  readonly variables: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

export async function startSurroundings(options: WorldOptions = {}): Promise<Surroundings> {
  const dataDir = await mkdtemp(join(tmpdir(), 'handrail-e2e-'));
  const fresh = await freshDatabase();
  const cluster = await startSimulatedCluster({
    name: 'kr',
    region: 'ap-northeast-2',
    seed: koreaSeed(),
    ...(options.timings && { timings: options.timings }),
  });
  const firstRun = new FirstRun(cluster.world);
  const workspace = await startWorkspace({
    seed: demoSeed,
    ...(options.panel && { clusters: [clusterSource(cluster)], guide: firstRun }),
  });
  const japan =
    options.japan &&
    (await startSimulatedCluster({ name: 'jp', region: 'ap-northeast-1', seed: options.japan }));
  if (japan) await writeFile(join(dataDir, 'jp.kubeconfig.yml'), japan.kubeconfig);
  const settingsFile = join(dataDir, 'handrail.yml');
  await writeFile(join(dataDir, 'kr.kubeconfig.yml'), cluster.kubeconfig);
  await writeFile(settingsFile, stringify(settingsOf(options)));
  return {
    workspace,
    cluster,
    japan,
    settingsFile,
    dataDir,
    databaseUrl: fresh.url,
    variables: {
      SLACK_API_URL: workspace.apiUrl,
      SLACK_BOT_TOKEN: workspace.botToken,
      SLACK_SIGNING_SECRET: workspace.signingSecret,
      DATABASE_URL: fresh.url,
      HANDRAIL_DATA_DIR: dataDir,
      HOST: '127.0.0.1',
      PORT: '0',
    },
    stop: async () => {
      await workspace.stop();
      firstRun.stop();
      await cluster.stop();
      await japan?.stop();
      await fresh.drop();
      await rm(dataDir, { recursive: true });
      checkMessages(workspace);
    },
  };
}

function settingsOf({ expiresAfter, japan }: WorldOptions) {
  const { clusters, approvals, ...rest } = demoSettings();
  return {
    ...rest,
    clusters: clusters.filter(({ name }) => name === 'kr' || japan),
    approvals: approvals.map((rule) => ({ ...rule, ...(expiresAfter && { expiresAfter }) })),
  };
}

export interface HandrailWorld extends Surroundings {
  readonly runs: Runs;
  /** The run that is active, or else the newest. */
  run(): Promise<Run>;
  until(status: RunStatus): Promise<Run>;
}

/** Handrail in this process, with messages as fast as they come. */
export async function startHandrailWorld(options: WorldOptions = {}): Promise<HandrailWorld> {
  const around = await startSurroundings(options);
  const handrail = await startHandrail({
    settings: loadSettings(around.settingsFile),
    environment: readEnvironment(around.variables),
    log: pino({ level: 'silent' }),
    pace: {
      ...defaultPace,
      postEveryMs: 30,
      updateEveryMs: 30,
      sameMessageEveryMs: 100,
      pollMs: 15,
      sweepMs: 200,
    },
  });
  if (handrail.requestUrl) around.workspace.connect(handrail.requestUrl);
  const { runs } = handrail;
  const run = async () => {
    const [newest] = await runs.list({ limit: 1 });
    if (newest === undefined) throw new Error('there is no run yet');
    return runs.get(newest.id);
  };
  return {
    ...around,
    runs,
    run,
    until: (status) =>
      vi.waitFor(
        async () => {
          const now = await run();
          if (now.status !== status) {
            throw new Error(
              `the run is ${now.status}, not ${status}: ${now.outcome?.summary ?? now.failure?.message ?? ''}`,
            );
          }
          return now;
        },
        { timeout: 60_000, interval: 50 },
      ),
    stop: async () => {
      await handrail.stop();
      await around.stop();
    },
  };
}
