import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import type { SimulatedCluster } from '../../src/demo/cluster/simulated-cluster.ts';
import { startWorkspace, type Workspace } from '../../src/demo/workspace/workspace.ts';
import { type FreshDatabase, freshDatabase } from '../fresh-database.ts';
import { startChaosCluster } from './chaos-cluster.ts';
import { channelOf, chaosWorkspace } from './chaos-workspace.ts';

const RUNBOOK = new URL('../../runbooks/node-unstable.yml', import.meta.url);

/** What outlives Handrail: clusters, the workspace, the database. */
export interface ChaosWorld {
  readonly clusters: readonly SimulatedCluster[];
  readonly workspace: Workspace;
  readonly database: FreshDatabase['database'];
  readonly settingsFile: string;
  readonly variables: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

export async function startChaosWorld(names: readonly string[]): Promise<ChaosWorld> {
  const dataDir = await mkdtemp(join(tmpdir(), 'handrail-chaos-'));
  const { url, database, drop } = await freshDatabase();
  const workspace = await startWorkspace({ seed: chaosWorkspace(names) });
  const clusters = await Promise.all(names.map(startChaosCluster));
  await writeSettings(dataDir, clusters);
  return {
    clusters,
    workspace,
    database,
    settingsFile: join(dataDir, 'handrail.yml'),
    variables: {
      SLACK_API_URL: workspace.apiUrl,
      SLACK_BOT_TOKEN: workspace.botToken,
      SLACK_SIGNING_SECRET: workspace.signingSecret,
      DATABASE_URL: url,
      HANDRAIL_DATA_DIR: dataDir,
      HOST: '127.0.0.1',
      PORT: '0',
    },
    async stop() {
      await workspace.stop();
      for (const cluster of clusters) await cluster.stop();
      await drop();
      await rm(dataDir, { recursive: true });
    },
  };
}

async function writeSettings(dataDir: string, clusters: readonly SimulatedCluster[]) {
  for (const { name, kubeconfig } of clusters) {
    await writeFile(join(dataDir, `${name}.kubeconfig.yml`), kubeconfig);
  }
  await mkdir(join(dataDir, 'runbooks'));
  await writeFile(join(dataDir, 'runbooks', 'node-unstable.yml'), await hastyRunbook());
  const settings = {
    runbooks: './runbooks',
    clusters: clusters.map(({ name }) => ({
      name,
      region: `chaos-${name}`,
      kubeconfig: `./${name}.kubeconfig.yml`,
      context: name,
      channel: channelOf(name),
      tiles: [{ name: 'web', services: ['shop/web'] }],
    })),
    approvals: clusters.map(({ name }, index) => ({
      cluster: name,
      groups: ['S0SRE'],
      quorum: index % 2 === 0 ? 1 : 2,
      expiresAfter: '25s',
    })),
  };
  await writeFile(join(dataDir, 'handrail.yml'), stringify(settings));
}

/** The runbook that ships, but for the wait after its cordon. */
async function hastyRunbook(): Promise<string> {
  const runbook = parse(await readFile(RUNBOOK, 'utf8')) as {
    steps: { id: string; with: Record<string, unknown> }[];
  };
  const steps = runbook.steps.map((step) =>
    step.id === 'cordon' ? { ...step, with: { ...step.with, settle: '200ms' } } : step,
  );
  return stringify({ ...runbook, steps });
}
