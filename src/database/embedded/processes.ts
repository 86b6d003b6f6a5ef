import { readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../../errors.ts';

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}

/** Its having ended already is as good. */
export function endProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (errorCode(error) !== 'ESRCH') throw error;
  }
}

/** Linux only: elsewhere no process is ever said to work anywhere. A zombie works nowhere. */
export async function worksIn(pid: number, directory: string): Promise<boolean> {
  return (await readlink(`/proc/${pid}/cwd`).catch(() => undefined)) === directory;
}

/** Whether the postmaster that the cluster's lock file names is there. Linux only, as above. */
export async function isServed(cluster: string): Promise<boolean> {
  const lock = await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '');
  const pid = Number.parseInt(lock, 10);
  return !Number.isNaN(pid) && (await worksIn(pid, cluster));
}

/**
 * Backends of a Postgres whose postmaster has died: they hold its shared memory, and no other can start until they end.
 * Known by their working directory, which is the cluster, and by having lost their parent.
 */
export async function orphansIn(cluster: string): Promise<number[]> {
  const orphans: number[] = [];
  for (const pid of await processIds()) {
    if (!(await worksIn(pid, cluster))) continue;
    const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    // a postmaster's command line names its binary; a backend's says what it does
    if (!commandLine.startsWith('postgres: ')) continue;
    if (!(await worksIn(await parentOf(pid), cluster))) orphans.push(pid);
  }
  return orphans;
}

async function processIds(): Promise<number[]> {
  const names = await readdir('/proc').catch(() => []);
  return names.filter((name) => /^\d+$/.test(name)).map(Number);
}

async function parentOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/^PPid:\s+(\d+)$/m.exec(status)?.[1] ?? 0);
}
