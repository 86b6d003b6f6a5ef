import { userInfo } from 'node:os';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type CliWorld, startCliWorld } from './cli-world.ts';

const PATIENCE = { timeout: 60_000, interval: 200 };
const account = userInfo().username;
const approvals = [{ groups: ['S0SRE'] }];

let world: CliWorld;
beforeAll(async () => {
  world = await startCliWorld();
  await world.settle('handrail.yml', { approvals });
  await world.settle('tied.yml', { approvals, identities: [{ account, slack: 'U0MINA' }] });
});
afterAll(() => world.stop());

const told = (line: string) => world.told(line);

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
