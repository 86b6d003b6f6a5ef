import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { japanSeed, koreaSeed } from './cluster/seeds.ts';
import { type SimulatedCluster, startSimulatedCluster } from './cluster/simulated-cluster.ts';
import { demoSettings } from './demo-settings.ts';
import { clusterSource } from './panel/cluster-source.ts';
import { FirstRun } from './panel/first-run.ts';
import { takeDirectory } from './take-directory.ts';
import { demoSeed } from './workspace/seed.ts';
import { startWorkspace } from './workspace/workspace.ts';

export interface DemoOptions {
  readonly dataDir: string;
  /** Where the workspace page is served. */
  readonly port: number;
}

/** Speeds for people who watch: a pod takes a few seconds to start, a machine a quarter of a minute; the API's seconds are seconds. */
const WATCHABLE = {
  podStartMs: 4000,
  podStopMs: 2500,
  pullRequestMs: 150,
  pullMegabyteMs: 1,
  memoryGrowthMs: 8000,
  budgetDelayMs: 400,
  machineBootMs: 15_000,
  heartbeatMs: 2000,
  nodeGraceMs: 10_000,
  secondMs: 1000,
};

/** Two clusters and a workspace, kept in the data directory; Handrail reaches them from outside, over HTTP. */
export async function startDemo({ dataDir, port }: DemoOptions) {
  const directory = join(dataDir, 'demo');
  await mkdir(directory, { recursive: true });
  const started: { stop(): Promise<void> | void }[] = [];
  const stop = async () => {
    for (const part of started.splice(0).toReversed()) await part.stop();
  };
  try {
    started.push(await takeDirectory(directory));
    const korea = await startSimulatedCluster({
      name: 'kr',
      region: 'ap-northeast-2',
      seed: koreaSeed(),
      dataFile: join(directory, 'kr.jsonl'),
      timings: WATCHABLE,
    });
    started.push(korea);
    const japan = await startSimulatedCluster({
      name: 'jp',
      region: 'ap-northeast-1',
      seed: japanSeed(),
      dataFile: join(directory, 'jp.jsonl'),
      timings: WATCHABLE,
    });
    started.push(japan);
    const firstRun = new FirstRun(korea.world);
    started.push(firstRun);
    const workspace = await startWorkspace({
      port,
      seed: demoSeed,
      dataFile: join(directory, 'workspace.jsonl'),
      clusters: [korea, japan].map(clusterSource),
      guide: firstRun,
    });
    started.push(workspace);
    const settingsFile = await writeSettings(directory, [korea, japan]);
    return {
      url: workspace.url,
      settingsFile,
      variables: {
        SLACK_API_URL: workspace.apiUrl,
        SLACK_BOT_TOKEN: workspace.botToken,
        SLACK_SIGNING_SECRET: workspace.signingSecret,
      },
      connect: (requestUrl: string) => workspace.connect(requestUrl),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Handrail is told of the demo as of any installation: a settings file, and a kubeconfig for each cluster. */
async function writeSettings(
  directory: string,
  clusters: readonly SimulatedCluster[],
): Promise<string> {
  for (const cluster of clusters) {
    await writeFile(join(directory, `${cluster.name}.kubeconfig.yml`), cluster.kubeconfig, {
      mode: 0o600,
    });
  }
  const file = join(directory, 'handrail.yml');
  await writeFile(file, stringify(demoSettings()));
  return file;
}
