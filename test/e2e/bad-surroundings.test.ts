import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { pino } from 'pino';
import { raw } from 'sql-template-tag';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/database/database.ts';
import { connectDatabase } from '../../src/database/postgres.ts';
import { footprint } from '../footprint.ts';
import { type Ended, handrail } from '../handrail-process.ts';
import { type Surroundings, startSurroundings } from './handrail-world.ts';

let around: Surroundings;
let database: Database;
let before: unknown;
/** Listens where Handrail is told to. */
let occupant: Server;
beforeAll(async () => {
  around = await startSurroundings();
  database = await connectDatabase(around.databaseUrl, { log: pino({ level: 'silent' }) });
  before = await footprint(database);
  occupant = createServer();
  await new Promise<void>((resolve) => occupant.listen(0, '127.0.0.1', resolve));
  await writeFile(join(around.dataDir, 'a-file'), '');
});
afterAll(async () => {
  occupant.close();
  await database.close();
  await around.stop();
});

function serve(env: Record<string, string>, settings = around.settingsFile): Promise<Ended> {
  const variables = Object.entries({ ...around.variables, ...env }).filter(([, value]) => value);
  return handrail(['--config', settings, 'serve'], {
    cwd: around.dataDir,
    env: Object.fromEntries(variables),
  });
}

const taken = () => String((occupant.address() as AddressInfo).port);
const aFile = () => join(around.dataDir, 'a-file');

describe.concurrent('handrail serve ends with 1 where it cannot work, and says what to do', {
  timeout: 120_000,
}, () => {
  it.each<[string, () => Record<string, string>, RegExp]>([
    [
      'the port is taken',
      () => ({ PORT: taken() }),
      /listen EADDRINUSE: address already in use 127\.0\.0\.1:\d+; stop what listens there \(perhaps another Handrail; `ss -ltnp` names it\), or set PORT/,
    ],
    [
      'the address is not of this machine',
      () => ({ HOST: 'nowhere.invalid' }),
      /getaddrinfo (ENOTFOUND|EAI_AGAIN) nowhere\.invalid; set HOST to an address of this machine/,
    ],
    [
      'the database is away',
      () => ({ DATABASE_URL: 'postgres://u:hunter2@127.0.0.1:9/x' }),
      /Postgres at 127\.0\.0\.1:9 cannot be reached .*; see that it runs and that DATABASE_URL names its address/,
    ],
    [
      'the data directory is a file',
      () => ({ DATABASE_URL: '', HANDRAIL_DATA_DIR: aFile() }),
      /EEXIST.*a-file'; a file stands in the way: set HANDRAIL_DATA_DIR to a directory/,
    ],
    [
      'the data directory would be below a file',
      () => ({ DATABASE_URL: '', HANDRAIL_DATA_DIR: join(aFile(), 'data') }),
      /ENOTDIR.*; a file stands in the way: set HANDRAIL_DATA_DIR to a directory/,
    ],
    [
      'Slack does not take the token',
      () => ({ SLACK_BOT_TOKEN: 'xoxb-hunter2' }),
      /Slack refuses SLACK_BOT_TOKEN \(invalid_auth\): set a valid SLACK_BOT_TOKEN/,
    ],
    [
      'nothing of Slack is set',
      () => ({ SLACK_BOT_TOKEN: '', SLACK_SIGNING_SECRET: '' }),
      /Set in the environment: SLACK_BOT_TOKEN .*; and SLACK_SIGNING_SECRET .*`handrail demo` needs none/,
    ],
  ])('%s', async (_, env, says) => {
    const { code, out, err } = await serve(env());

    expect(err).toMatch(says);
    expect(err).not.toMatch(/\n\s+at |hunter2|unhandled/i);
    expect([code, out]).toEqual([1, '']);
    expect(await footprint(database)).toEqual(before);
  });

  it('the tables belong to another, which is found out only half-way', async () => {
    const role = `reader_${randomUUID().slice(0, 8)}`;
    await database.query(raw(`create role ${role} login`));
    const url = new URL(around.databaseUrl);
    url.username = role;

    const { code, err } = await serve({ DATABASE_URL: url.href });

    await database.query(raw(`drop role ${role}`));
    expect(err).toMatch(
      /reader_\w+ lacks a right in Postgres at .*\(permission denied for table .*\); make it the owner of its database/,
    );
    expect(err).not.toMatch(/\n\s+at /);
    expect(code).toBe(1);
  });

  it('a runbook is wrong', async () => {
    const settings = await settingsIn('with-a-wrong-runbook', {
      kubeconfig: '../kr.kubeconfig.yml',
    });
    await writeFile(
      join(around.dataDir, 'with-a-wrong-runbook/runbooks/x.yml'),
      'name: x\ntitel: X\n',
    );

    const { code, err } = await serve({}, settings);

    expect(err).toMatch(/runbooks\/x\.yml:2:1: titel: unknown key `titel`; did you mean `title`\?/);
    expect(code).toBe(1);
  });

  it('a kubeconfig is not there', async () => {
    const settings = await settingsIn('without-kubeconfig', { kubeconfig: 'none.yml' });

    const { code, err } = await serve({}, settings);

    expect(err).toMatch(
      /cluster kr cannot be used: .*none\.yml cannot be read \(ENOENT.*check its path/,
    );
    expect(code).toBe(1);
  });
});

async function settingsIn(name: string, { kubeconfig }: { kubeconfig: string }): Promise<string> {
  const directory = join(around.dataDir, name);
  await mkdir(join(directory, 'runbooks'), { recursive: true });
  const file = join(directory, 'handrail.yml');
  const cluster = { name: 'kr', region: 'x', channel: 'C0KROPS', kubeconfig };
  await writeFile(file, JSON.stringify({ clusters: [cluster] }));
  return file;
}
