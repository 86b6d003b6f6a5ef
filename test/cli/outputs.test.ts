import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sql from 'sql-template-tag';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { insertRun } from '../../src/runs/run-store.ts';
import { mina } from '../runs/run-world.ts';
import { type CliWorld, startCliWorld } from './cli-world.ts';

let world: CliWorld;
beforeAll(async () => {
  world = await startCliWorld();
  const { database } = world.fresh;
  await database.transaction((tx) =>
    insertRun(tx, {
      id: 'r-234567',
      runbook: 'node-unstable',
      cluster: 'kr',
      target: 'node/kr-b-2',
      inputs: { node: 'kr-b-2' },
      requester: mina,
      cause: { kind: 'cli', text: 'node-unstable kr-b-2' },
      accepted: [],
      dryRun: false,
      traceId: 't',
    }),
  );
  // ended, so that nobody waits for it
  await database.query(sql`
    update run set status = 'expired', ended_at = now() where id = 'r-234567'`);
});
afterAll(() => world.stop());

const told = (line: string) => world.told(line);

describe('for programs', { timeout: 120_000 }, () => {
  it('`runs --json` and `show --json` print what people read, as JSON alone', async () => {
    const runs = await told('runs --json');
    const show = await told('show r-234567 --json');

    expect(JSON.parse(runs.out)).toMatchObject([{ id: 'r-234567', status: 'expired' }]);
    expect(JSON.parse(show.out)).toMatchObject({
      id: 'r-234567',
      requester: { name: mina.name },
      timeline: [],
      undelivered: [],
    });
    expect([runs.code, show.code]).toEqual([0, 0]);
  });

  it('`runs --json` is an empty array where there are none', async () => {
    expect(JSON.parse((await told('runs --active --json')).out)).toEqual([]);
  });

  it('`plan --json` prints the plan', async () => {
    const { code, out } = await told('plan node-unstable kr-b-2 --json');

    expect(JSON.parse(out)).toMatchObject({
      headline: expect.stringContaining('kr-b-2'),
      blockers: [],
      digest: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(code).toBe(0);
  });

  it('a plan that is blocked is printed all the same, and ends with 3', async () => {
    const json = await told('plan node-unstable kr-x-9 --json');
    const text = await told('plan node-unstable kr-x-9');

    expect(JSON.parse(json.out)).toMatchObject({ blockers: [{ code: 'node_not_found' }] });
    expect(text.out).toMatch(/Blocked\n.*kr-x-9/);
    expect([json.code, text.code]).toEqual([3, 3]);
  });

  it('the exit codes stand in the help', async () => {
    expect((await told('--help')).out).toMatch(/3 {2}the run ended otherwise than well/);
  });
});

describe('the timeline of a run', { timeout: 120_000 }, () => {
  it('is written to standard output, or drawn into a file', async () => {
    const file = join(world.directory, 'timeline.png');

    const text = await told('export r-234567');
    const drawn = await told(`export r-234567 --as png --output ${file}`);

    expect(text.out).toContain('- **State:** expired');
    expect(drawn.out).toBe(`Wrote ${file}.\n`);
    expect((await readFile(file)).subarray(1, 4).toString()).toBe('PNG');
  });

  it('is not written where there is no such format', async () => {
    const { code, err } = await told('export r-234567 --as pdf');

    expect([code, err]).toEqual([1, expect.stringContaining('Allowed choices are markdown, svg')]);
  });
});
