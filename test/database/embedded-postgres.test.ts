import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  mkdir,
  readdir,
  readFile,
  readlink,
  realpath,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { pino } from 'pino';
import sql from 'sql-template-tag';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Database } from '../../src/database/database.ts';
import {
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from '../../src/database/embedded-postgres.ts';
import { connectDatabase } from '../../src/database/postgres.ts';
import { temporaryDataDir } from '../temporary-data-dir.ts';

const log = pino({ level: 'silent' });
const child = new URL('./embedded-child.ts', import.meta.url);

let dataDir: string;
let cleanUp: (() => Promise<unknown>)[];
beforeEach(async () => {
  const directory = await temporaryDataDir();
  dataDir = directory.path;
  cleanUp = [directory.remove];
});
afterEach(async () => {
  for (const step of cleanUp.toReversed()) await step();
});

async function start(at = dataDir): Promise<EmbeddedPostgres> {
  const postgres = await startEmbeddedPostgres({ dataDir: at, log });
  cleanUp.push(() => postgres.stop());
  return postgres;
}

async function connect({ url }: { url: string }): Promise<Database> {
  const database = await connectDatabase(url, { log });
  cleanUp.push(() => database.close());
  return database;
}

async function startInChild(): Promise<{ process: ChildProcess; url: string }> {
  const process = fork(child, [dataDir]);
  const [{ url }] = await once(process, 'message');
  return { process, url };
}

async function postmasterPid(): Promise<number> {
  return Number.parseInt(await readFile(join(dataDir, 'cluster', 'postmaster.pid'), 'utf8'), 10);
}

/** By what they work in, as a pid file may be gone. Zombies are done and do not count. */
async function serverProcesses(): Promise<number[]> {
  const cluster = await realpath(join(dataDir, 'cluster'));
  const found: number[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    if ((await readlink(`/proc/${pid}/cwd`).catch(() => '')) === cluster) found.push(Number(pid));
  }
  return found;
}

async function answers(database: Database): Promise<boolean> {
  const rows = await database.query(sql`select 1 as one`);
  return rows.length === 1;
}

describe('startEmbeddedPostgres', () => {
  it('keeps the data over a stop, and leaves no process', async () => {
    const first = await startEmbeddedPostgres({ dataDir, log });
    const before = await connectDatabase(first.url, { log });
    await before.query(sql`create table kept as select 42 as answer`);
    await before.close();
    await first.stop();
    expect(await serverProcesses()).toEqual([]);

    const after = await connect(await start());

    expect(await after.query(sql`select answer from kept`)).toEqual([{ answer: 42 }]);
  });

  it('listens on no network port', async () => {
    const database = await connect(await start());

    expect(await database.query(sql`show listen_addresses`)).toEqual([{ listen_addresses: '' }]);
  });

  it('adopts the server of a process that was killed', async () => {
    const killed = await startInChild();
    const pid = await postmasterPid();
    killed.process.kill('SIGKILL');
    await once(killed.process, 'exit');

    const database = await connect(await start());

    expect(await answers(database)).toBe(true);
    expect(await postmasterPid()).toBe(pid);
  });

  it('brings a killed server back, and statements wait for it', async () => {
    const database = await connect(await start());

    process.kill(await postmasterPid(), 'SIGKILL');

    await vi.waitFor(async () => expect(await answers(database)).toBe(true), { timeout: 10_000 });
  });

  it('ends a backend that outlived its server and holds its memory', async () => {
    const killed = await startInChild();
    const database = await connectDatabase(killed.url, { log, reachTimeoutMs: 0 });
    const [backend] = await database.query<{ pid: number }>(sql`select pg_backend_pid() as pid`);
    if (!backend) throw new Error('no backend');
    process.kill(backend.pid, 'SIGSTOP');
    const pid = await postmasterPid();
    killed.process.kill('SIGKILL');
    process.kill(pid, 'SIGKILL');
    database.close().catch(() => {});

    const recovered = await connect(await start());

    expect(await answers(recovered)).toBe(true);
    expect(await serverProcesses()).not.toContain(backend.pid);
  });

  it('is not kept from starting by the lock of a server that is a zombie', async () => {
    const first = await startEmbeddedPostgres({ dataDir, log });
    await first.stop();
    const { uid, gid } = await stat(join(dataDir, 'cluster'));
    const parent = spawn('sh', ['-c', 'true & echo $!; exec sleep 60'], { uid, gid });
    cleanUp.push(async () => parent.kill('SIGKILL'));
    const [zombie] = await once(parent.stdout, 'data');
    await writeFile(join(dataDir, 'cluster', 'postmaster.pid'), String(zombie));
    await writeFile(join(dataDir, 'socket', '.s.PGSQL.5432.lock'), String(zombie));

    const database = await connect(await start());

    expect(await answers(database)).toBe(true);
  });

  it('is one server for all that race to start it, and ends with the last of them', async () => {
    const racers = await Promise.all([startInChild(), startInChild(), startInChild()]);
    const pid = await postmasterPid();
    const [first, second, last] = racers;

    for (const racer of [first, second]) {
      racer.process.send('stop');
      await once(racer.process, 'exit');
    }
    const database = await connectDatabase(last.url, { log });
    expect(await answers(database)).toBe(true);
    expect(await postmasterPid()).toBe(pid);
    await database.close();
    last.process.send('stop');
    await once(last.process, 'exit');

    expect(await serverProcesses()).toEqual([]);
  });

  it('finds a socket name short enough for a data directory that is not', async () => {
    const postgres = await start(join(dataDir, 'long'.repeat(30)));
    const socketDir = new URL(postgres.url).searchParams.get('host') ?? '';
    cleanUp.unshift(() => rm(socketDir, { recursive: true }));

    const database = await connect(postgres);

    expect(await answers(database)).toBe(true);
  });

  it('says what Postgres said when it cannot start', async () => {
    const first = await startEmbeddedPostgres({ dataDir, log });
    await first.stop();
    await writeFile(join(dataDir, 'cluster', 'PG_VERSION'), '9\n');

    await expect(startEmbeddedPostgres({ dataDir, log })).rejects.toMatchObject({
      code: 'embedded_postgres_failed',
      message: expect.stringContaining('database files are incompatible with server'),
    });
  });
});

describe.runIf(process.getuid?.() === 0)('startEmbeddedPostgres as root', () => {
  it('runs Postgres as somebody else', async () => {
    await start();

    const { uid } = await stat(`/proc/${await postmasterPid()}`);

    expect(uid).not.toBe(0);
  });

  it('keeps the data elsewhere when Postgres cannot reach the data directory, and finds it again', async () => {
    const closed = join(dataDir, 'closed');
    const secret = join(closed, 'data');
    await mkdir(closed, { mode: 0o700 });
    cleanUp.push(async () => rm(await realpath(join(secret, 'elsewhere')), { recursive: true }));
    const first = await startEmbeddedPostgres({ dataDir: secret, log });
    const before = await connectDatabase(first.url, { log });
    await before.query(sql`create table kept as select 42 as answer`);
    await before.close();
    await first.stop();

    const again = await connect(await start(secret));

    expect(await again.query(sql`select answer from kept`)).toEqual([{ answer: 42 }]);
  });
});
