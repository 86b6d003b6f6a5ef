import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { koreaSeed } from '../../src/demo/cluster/seeds/korea.ts';
import { startSimulatedCluster } from '../../src/demo/cluster/simulated-cluster.ts';
import { type FreshDatabase, freshDatabase } from '../fresh-database.ts';
import { type Ended, handrail } from '../handrail-process.ts';

export interface CliWorld {
  /** Where `handrail.yml` stands, and commands are typed. */
  readonly directory: string;
  readonly fresh: FreshDatabase;
  /** Writes a settings file for the one cluster, `kr`. */
  settle(file: string, settings: object): Promise<void>;
  /** Types `handrail LINE`. */
  told(line: string): Promise<Ended>;
  stop(): Promise<void>;
}

/** A directory with settings, a database and a cluster: what the command line works on. */
export async function startCliWorld(): Promise<CliWorld> {
  const fresh = await freshDatabase();
  const cluster = await startSimulatedCluster({ name: 'kr', region: 'x', seed: koreaSeed() });
  const directory = await mkdtemp(join(tmpdir(), 'handrail-cli-'));
  await writeFile(join(directory, 'kube.yml'), cluster.kubeconfig);
  const runbooks = fileURLToPath(new URL('../../runbooks', import.meta.url));
  const clusters = [{ name: 'kr', region: 'x', channel: 'C0KROPS', kubeconfig: 'kube.yml' }];
  const settle = (file: string, settings: object) =>
    writeFile(join(directory, file), stringify({ runbooks, clusters, ...settings }));
  await settle('handrail.yml', {});
  const env = { DATABASE_URL: fresh.url, HANDRAIL_DATA_DIR: directory };
  return {
    directory,
    fresh,
    settle,
    told: (line) => handrail(line.split(' '), { cwd: directory, env }),
    async stop() {
      await cluster.stop();
      await fresh.drop();
      await rm(directory, { recursive: true });
    },
  };
}
