import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { footprint } from '../footprint.ts';
import { type FreshDatabase, freshDatabase } from '../fresh-database.ts';
import { ended, handrail, MAIN, type Surrounded } from '../handrail-process.ts';

const RUNBOOKS = fileURLToPath(new URL('../../runbooks', import.meta.url));

let directory: string;
let fresh: FreshDatabase;
beforeAll(async () => {
  fresh = await freshDatabase();
  directory = await mkdtemp(join(tmpdir(), 'handrail-cli-'));
  const clusters = [
    { name: 'kr', region: 'ap-northeast-2', channel: 'C0KROPS', kubeconfig: 'kube.yml' },
    { name: 'jp', region: 'ap-northeast-1', channel: 'C0JPOPS', kubeconfig: 'kube.yml' },
  ];
  await writeFile(join(directory, 'handrail.yml'), stringify({ runbooks: RUNBOOKS, clusters }));
  // nobody listens there: a test that came so far would say so
  const kubeconfig = {
    'current-context': 'c',
    clusters: [{ name: 'c', cluster: { server: 'https://127.0.0.1:2' } }],
    users: [{ name: 'u', user: { token: 't' } }],
    contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
  };
  await writeFile(join(directory, 'kube.yml'), stringify(kubeconfig));
});
afterAll(async () => {
  await fresh.drop();
  await rm(directory, { recursive: true });
});

function around(env: Record<string, string> = {}): Surrounded {
  return { cwd: directory, env: { DATABASE_URL: fresh.url, HANDRAIL_DATA_DIR: directory, ...env } };
}

describe.concurrent('arguments that are wrong end with 1 and say why, without a stack', {
  timeout: 120_000,
}, () => {
  it.each<[string, RegExp]>([
    ['nosuch', /unknown command 'nosuch'/],
    ['serv', /unknown command 'serv'\n\(Did you mean serve\?\)/],
    ['serve extra', /too many arguments for 'serve'.*extra/],
    ['runs --nosuch', /unknown option '--nosuch'/],
    [
      'runs --limit many',
      /option '--limit <n>' argument 'many' is invalid\. It must be a number from 1 to 1000/,
    ],
    [
      'plan node-unstabel kr-b-2 --cluster kr',
      /handrail: There is no runbook `node-unstabel`. Did you mean `node-unstable`\?/,
    ],
    ['plan node-unstable --cluster kr', /`node` is missing: .*; give it as `node-unstable kr-b-2`/],
    ['plan node-unstable a b --cluster kr', /`node-unstable` acts on one node: `a` or `b`\?/],
    ['plan node-unstable a', /Say which cluster with --cluster: kr, jp/],
    [
      'plan node-unstable a --cluster krr',
      /There is no cluster `krr` in the settings. Did you mean `kr`\?/,
    ],
    [
      'plan node-unstable a --cluster kr',
      /could not get Node a in cluster kr: .* cannot be reached/,
    ],
    ['run node-unstable a b --cluster kr', /`node-unstable` acts on one node: `a` or `b`\?/],
    ['show r-nosuch', /There is no run r-nosuch\. See the active and recent ones/],
    ['schema nosuch', /There is no schema "nosuch": say runbook or settings/],
    ['audit verify --anchor 42', /"42" is not an anchor: write it as NUMBER:HASH/],
    ['validate nowhere.yml', /handrail: 1 problem in nowhere\.yml/],
    ['--config nowhere.yml serve', /nowhere\.yml:1:1: cannot be read: there is no such file/],
  ])('handrail %s', async (line, says) => {
    const { code, err } = await handrail(line.split(' '), around());

    expect(err).toMatch(says);
    expect(err).not.toMatch(/\n\s+at |Error:|undefined/);
    expect(code).toBe(1);
  });

  it('and leave nothing in the database', async () => {
    const before = await footprint(fresh.database);

    await handrail('run node-unstable a node=b --cluster kr'.split(' '), around());
    await handrail('run node-unstable kr_b_2 --cluster kr'.split(' '), around());

    expect(await footprint(fresh.database)).toEqual(before);
  });

  it('an environment that is wrong is told even where the command itself is', async () => {
    const { code, err } = await handrail(['runs'], around({ PORT: 'hunter2' }));

    expect([code, err]).toEqual([
      1,
      'handrail: The environment is not right.\nPORT: expected a port from 0 to 65535\n',
    ]);
  });
});

describe.concurrent('an output that nobody reads to its end, or that cannot be written', {
  timeout: 120_000,
}, () => {
  const piped = (script: string) =>
    ended(
      '/bin/bash',
      ['-c', `set -o pipefail; ${script}`],
      around({ HANDRAIL: `${process.execPath} ${MAIN}` }),
    );

  it('is no fault behind `| head`', async () => {
    expect(await piped('$HANDRAIL schema | head -1')).toEqual({ code: 0, out: '{\n', err: '' });
  });

  it('is a fault on a full disk', async () => {
    const { code, err } = await piped('$HANDRAIL schema > /dev/full');

    expect([code, err]).toEqual([
      1,
      expect.stringMatching(/^handrail: ENOSPC: no space left on device/),
    ]);
  });
});
