import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SimulatedCluster } from '../../src/demo/cluster/simulated-cluster.ts';
import { startWorkspace, type Workspace } from '../../src/demo/workspace/workspace.ts';
import { type FreshDatabase, freshDatabase } from '../fresh-database.ts';
/** What outlives Handrail: clusters, the workspace, the database. */
import { checkMessages } from '../slack/check-messages.ts';
import { startChaosCluster } from './chaos-cluster.ts';
import { writeSettings } from './chaos-settings.ts';
import { chaosWorkspace } from './chaos-workspace.ts';

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
  return {
    clusters,
    workspace,
    database,
    settingsFile: await writeSettings(dataDir, clusters, '25s'),
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
      checkMessages(workspace);
    },
  };
}
