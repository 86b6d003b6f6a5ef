import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { SimulatedCluster } from '../src/demo/cluster/simulated-cluster.ts';
import type { StoredMessage } from '../src/demo/workspace/model.ts';
import { startWorkspace, type Workspace } from '../src/demo/workspace/workspace.ts';
import { startChaosCluster } from '../test/chaos/chaos-cluster.ts';
import { writeSettings } from '../test/chaos/chaos-settings.ts';
import { APPROVERS, channelOf, chaosWorkspace } from '../test/chaos/chaos-workspace.ts';
import { ServeProcess } from '../test/e2e/serve-process.ts';

const CLUSTERS = ['kr', 'jp', 'sg', 'us'];
const HOME = channelOf('kr');
/** Sends messages faster than Slack allows, so that many runs are under way at once: more work, not less. */
const SERVE = fileURLToPath(new URL('../test/chaos/serve.ts', import.meta.url));
const LOOK_MS = 200;

/** `handrail serve` in a process of its own with its own Postgres, and what people do to it. */
export interface AckWorld {
  /** Resolves when Slack has had its acknowledgement. Throws where it did not get one. */
  command(): Promise<void>;
  click(): Promise<void>;
  /** Resolves once so many runs in each cluster are approved. Returns how many that are. */
  startRuns(inEachCluster: number): Promise<number>;
  /** How many nodes are out of service at the moment. */
  draining(): number;
  stop(): Promise<void>;
}

export async function startAckWorld(): Promise<AckWorld> {
  const dataDir = await mkdtemp(join(tmpdir(), 'handrail-bench-'));
  // Started by root, Postgres runs as somebody else, who must come as far as to its data.
  await chmod(dataDir, 0o755);
  const workspace = await startWorkspace({ seed: chaosWorkspace(CLUSTERS) });
  const clusters = await Promise.all(CLUSTERS.map(startChaosCluster));
  const settingsFile = await writeSettings(dataDir, clusters, '10m');
  const variables = {
    SLACK_API_URL: workspace.apiUrl,
    SLACK_BOT_TOKEN: workspace.botToken,
    SLACK_SIGNING_SECRET: workspace.signingSecret,
    HANDRAIL_DATA_DIR: dataDir,
    HOST: '127.0.0.1',
    PORT: '0',
  };
  const serving = await ServeProcess.start({ settingsFile, variables, workspace }, SERVE);
  await acknowledged(workspace.slash('U0ANN', HOME, 'node-unstable kr-a-1 --dry-run'));
  const message = await waitFor(() => messageWith(workspace, HOME, 'run_details'));
  return {
    command: () => acknowledged(workspace.slash('U0ANN', HOME, 'list')),
    click: () => acknowledged(workspace.click('U0BEN', message, 'run_details')),
    startRuns: (inEachCluster) => startRuns({ workspace, clusters, inEachCluster }),
    draining: () => clusters.flatMap(cordonedNodes).length,
    async stop() {
      await serving.kill('SIGTERM');
      await workspace.stop();
      for (const cluster of clusters) await cluster.stop();
      await rm(dataDir, { recursive: true });
    },
  };
}

async function startRuns(parts: {
  readonly workspace: Workspace;
  readonly clusters: readonly SimulatedCluster[];
  readonly inEachCluster: number;
}): Promise<number> {
  const { workspace, clusters, inEachCluster } = parts;
  const nodes = clusters.flatMap(({ name, world }) =>
    world
      .list('Node')
      .slice(0, inEachCluster)
      .map(({ metadata }) => ({ channel: channelOf(name), node: metadata.name })),
  );
  await Promise.all(
    nodes.map(async ({ channel, node }) => {
      await acknowledged(workspace.slash('U0ANN', channel, `node-unstable ${node}`));
      const card = await waitFor(() => messageWith(workspace, channel, 'approval_approve', node));
      for (const user of APPROVERS.slice(0, 2)) {
        await workspace.click(user, card, 'approval_approve').catch(() => {});
      }
    }),
  );
  await waitFor(() => clusters.flatMap(cordonedNodes)[0]);
  return nodes.length;
}

function messageWith(
  workspace: Workspace,
  channel: string,
  ...words: readonly string[]
): StoredMessage | undefined {
  return workspace.messages(channel).find(({ blocks }) => {
    const text = JSON.stringify(blocks);
    return words.every((word) => text.includes(word));
  });
}

function cordonedNodes({ world }: SimulatedCluster) {
  return world
    .list('Node')
    .filter((node) => (node as { spec?: { unschedulable?: boolean } }).spec?.unschedulable);
}

async function acknowledged(outcome: ReturnType<Workspace['slash']>): Promise<void> {
  const { problem } = await outcome;
  if (problem !== undefined) throw new Error(`not acknowledged: ${problem}`);
}

async function waitFor<T>(look: () => T | undefined): Promise<T> {
  for (;;) {
    const found = look();
    if (found !== undefined) return found;
    await delay(LOOK_MS);
  }
}
