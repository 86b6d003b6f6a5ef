import { readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { temporaryDataDir } from '../temporary-data-dir.ts';
import { DemoProcess } from './demo-process.ts';

const PATIENCE = { timeout: 20_000, interval: 50 };

let dataDir: Awaited<ReturnType<typeof temporaryDataDir>>;
let demo: DemoProcess;

beforeEach(async () => {
  dataDir = await temporaryDataDir();
  demo = await DemoProcess.start(dataDir.path);
});

afterEach(async () => {
  await demo.end('SIGINT');
  await dataDir.remove();
});

/** Each process of the Postgres of this data directory works in its cluster. */
async function postgresProcesses(): Promise<string[]> {
  const cluster = join(dataDir.path, 'cluster');
  const working: string[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const directory = await readlink(`/proc/${pid}/cwd`).catch(() => undefined);
    if (directory === cluster) working.push(pid);
  }
  return working;
}

describe('the demo as a process', { timeout: 60_000 }, () => {
  it('says in one line where its page is and what to type, and keeps what is in it through a kill', async () => {
    expect(demo.output.join('').trim().split('\n')).toEqual([
      expect.stringContaining(`open ${demo.url} and type  /runbook node-unstable kr-b-2`),
    ]);
    await demo.type('/runbook node-unstable kr-b-2 --dry-run');
    await expect.poll(() => demo.channel(), PATIENCE).toContain('Dry run');

    await demo.end('SIGKILL');
    demo = await DemoProcess.start(dataDir.path);

    expect(await demo.channel()).toContain('Dry run');
    await demo.type('/runbook node-unstable kr-b-2');
    await expect.poll(() => demo.channel(), PATIENCE).toContain('approval_approve');
  });

  it('leaves nothing running after Ctrl-C, even when npm hands it on a second time', async () => {
    expect(await postgresProcesses()).not.toEqual([]);

    const [code] = await Promise.all([demo.end('SIGINT'), demo.end('SIGINT')]);

    expect(code).toBe(0);
    expect(await postgresProcesses()).toEqual([]);
    await expect(demo.channel()).rejects.toThrow('fetch failed');
  });

  it('does not start a second time with the same data', async () => {
    await expect(DemoProcess.start(dataDir.path)).rejects.toThrow(
      /Another demo runs with the data in .*, as process \d+: stop it, or set HANDRAIL_DATA_DIR/,
    );
  });
});
