import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { stringify } from 'yaml';
import { koreaSeed } from '../../src/demo/cluster/seeds/korea.ts';
import {
  type SimulatedCluster,
  startSimulatedCluster,
} from '../../src/demo/cluster/simulated-cluster.ts';
import { type FreshDatabase, freshDatabase } from '../fresh-database.ts';
import { handrail } from '../handrail-process.ts';

const PATIENCE = { timeout: 60_000, interval: 200 };
const account = userInfo().username;

let directory: string;
let fresh: FreshDatabase;
let cluster: SimulatedCluster;
beforeAll(async () => {
  fresh = await freshDatabase();
  cluster = await startSimulatedCluster({ name: 'kr', region: 'x', seed: koreaSeed() });
  directory = await mkdtemp(join(tmpdir(), 'handrail-cli-run-'));
  await writeFile(join(directory, 'kube.yml'), cluster.kubeconfig);
  await settle('handrail.yml', []);
  await settle('tied.yml', [{ account, slack: 'U0MINA' }]);
});
afterAll(async () => {
  await cluster.stop();
  await fresh.drop();
  await rm(directory, { recursive: true });
});

function settle(file: string, identities: object[]): Promise<void> {
  const settings = {
    runbooks: fileURLToPath(new URL('../../runbooks', import.meta.url)),
    clusters: [{ name: 'kr', region: 'x', channel: 'C0KROPS', kubeconfig: 'kube.yml' }],
    approvals: [{ groups: ['S0SRE'] }],
    identities,
  };
  return writeFile(join(directory, file), stringify(settings));
}

function told(line: string) {
  const env = { DATABASE_URL: fresh.url, HANDRAIL_DATA_DIR: directory };
  return handrail(line.split(' '), { cwd: directory, env });
}

/** The id of the one run, once it asks for its approval. */
function waiting(): Promise<string> {
  return vi.waitUntil(async () => {
    const [run] = JSON.parse((await told('runs --active --json')).out);
    return run?.status === 'awaiting_approval' && run.id;
  }, PATIENCE);
}

describe('`handrail run`', { timeout: 180_000 }, () => {
  it('is refused to an account of which nobody knows whose it is, and starts nothing', async () => {
    const { code, err } = await told('run node-unstable kr-b-2');

    expect(err).toContain(`The account ${account} is tied to no Slack user`);
    expect(code).toBe(1);
    expect(JSON.parse((await told('runs --json')).out)).toEqual([]);
  });

  it('lets everybody look, by a dry run', async () => {
    const { code, out } = await told('run node-unstable kr-b-2 --dry-run --json');

    expect(JSON.parse(out)).toMatchObject({ status: 'planned', target: 'node/kr-b-2' });
    expect(code).toBe(0);
  });

  it('asks as the Slack user behind the account, waits for the approval, and ends with 3 where it is stopped', async () => {
    const running = told('--config tied.yml run node-unstable kr-b-2');
    const run = await waiting();
    const cancel = await told(`--config tied.yml cancel ${run} --json`);
    const { code, out, err } = await running;

    expect(JSON.parse(cancel.out)).toMatchObject({ run, text: expect.stringContaining('stop') });
    expect(out).toContain(`run ${run} waits for an approval, which is asked for in Slack`);
    expect(err).toContain(`run ${run} ended as cancelled`);
    expect(code).toBe(3);
    const show = JSON.parse((await told(`show ${run} --json`)).out);
    expect(show).toMatchObject({
      requester: { kind: 'slack', id: 'U0MINA' },
      cause: { kind: 'cli' },
    });
  });
});
