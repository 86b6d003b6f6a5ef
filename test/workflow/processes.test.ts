import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import sql from 'sql-template-tag';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type FreshDatabase, freshDatabase } from '../fresh-database.ts';
import { effectsOf, executorsOf, open, prepareWorld, untilEffect } from './scenario.ts';

const child = fileURLToPath(new URL('./engine-child.ts', import.meta.url));
const SOON = { timeout: 15_000, interval: 50 };

let fresh: FreshDatabase;
const children = new Set<ChildProcess>();
beforeAll(async () => {
  fresh = await freshDatabase();
  await prepareWorld(fresh.database);
});
afterEach(async () => {
  for (const process of children) await kill(process);
  await fresh.database.query(sql`delete from executor`);
});
afterAll(() => fresh.drop());

async function launch(executorId: string, version = '1'): Promise<ChildProcess> {
  const process = fork(child, [fresh.url, executorId, version]);
  children.add(process);
  process.once('exit', () => children.delete(process));
  await once(process, 'message');
  return process;
}

async function startRun(process: ChildProcess, runId: string): Promise<void> {
  process.send(runId);
  await once(process, 'message');
}

async function kill(process: ChildProcess): Promise<void> {
  process.kill('SIGKILL');
  if (process.exitCode === null && process.signalCode === null) await once(process, 'exit');
}

describe('a process killed in the middle of a step', () => {
  it('goes on from that step when it comes back', async () => {
    const first = await launch('a');
    await startRun(first, 'steps-back');
    await untilEffect(fresh.database, 'steps-back', 'slow begins');
    await kill(first);
    await open(fresh.database, 'steps-back');

    await launch('a');

    await untilEffect(fresh.database, 'steps-back', 'last');
    expect(await effectsOf(fresh.database, 'steps-back')).toEqual([
      'first',
      'slow begins',
      'slow begins',
      'slow ends',
      'last',
    ]);
  });

  it('is replaced by a peer', async () => {
    const first = await launch('a');
    await launch('b');
    await launch('c');
    await startRun(first, 'steps-peer');
    await untilEffect(fresh.database, 'steps-peer', 'slow begins');

    await kill(first);
    await open(fresh.database, 'steps-peer');

    await untilEffect(fresh.database, 'steps-peer', 'last');
    const effects = await effectsOf(fresh.database, 'steps-peer');
    expect(effects.filter((what) => what === 'last')).toHaveLength(1);
    expect(effects.filter((what) => what === 'slow begins')).toHaveLength(2);
    expect(await executorsOf(fresh.database, 'steps-peer')).toHaveLength(2);
  });
});

describe('a process that is paused, and not dead', () => {
  it('does nothing more to a run that a peer has taken over', async () => {
    const paused = await launch('a');
    await startRun(paused, 'steps-paused');
    await untilEffect(fresh.database, 'steps-paused', 'slow begins');
    paused.kill('SIGSTOP');
    await launch('b');
    await vi.waitFor(
      async () => expect(await executorsOf(fresh.database, 'steps-paused')).toEqual(['a', 'b']),
      SOON,
    );

    // only the step itself could keep its own end from happening; what it may not do is go on to the next, or undo
    await open(fresh.database, 'steps-paused for a');
    paused.kill('SIGCONT');
    await untilEffect(fresh.database, 'steps-paused', 'slow ends');
    await startRun(paused, 'steps-next');
    await open(fresh.database, 'steps-next');
    await untilEffect(fresh.database, 'steps-next', 'last');
    await open(fresh.database, 'steps-paused');
    await untilEffect(fresh.database, 'steps-paused', 'last');

    const effects = await effectsOf(fresh.database, 'steps-paused');
    expect(effects.filter((what) => what === 'last')).toHaveLength(1);
    expect(effects).not.toContain('undone');
  });
});

describe('a step that looks whether the run is still its own, before it changes something', () => {
  it('goes on in the peer, and changes nothing in a process that was paused', async () => {
    const paused = await launch('a');
    await startRun(paused, 'careful-paused');
    await untilEffect(fresh.database, 'careful-paused', 'slow begins');
    paused.kill('SIGSTOP');
    await launch('b');
    await vi.waitFor(
      async () => expect(await executorsOf(fresh.database, 'careful-paused')).toEqual(['a', 'b']),
      SOON,
    );

    await open(fresh.database, 'careful-paused');
    paused.kill('SIGCONT');
    await untilEffect(fresh.database, 'careful-paused', 'changed by b');
    await startRun(paused, 'careful-next');
    await open(fresh.database, 'careful-next');

    await untilEffect(fresh.database, 'careful-next', 'changed by a');
    const effects = await effectsOf(fresh.database, 'careful-paused');
    expect(effects.filter((what) => what === 'slow ends')).toHaveLength(2);
    expect(effects).not.toContain('changed by a');
  });
});

describe('a process that shuts down', () => {
  it('lets the step under way end, and starts no other', async () => {
    const process = await launch('a');
    await startRun(process, 'steps-down');
    await untilEffect(fresh.database, 'steps-down', 'slow begins');

    process.send('stop');
    await once(process, 'message');
    await open(fresh.database, 'steps-down');
    await once(process, 'exit');

    expect(process.exitCode).toBe(0);
    expect(await effectsOf(fresh.database, 'steps-down')).toEqual([
      'first',
      'slow begins',
      'slow ends',
    ]);
    await launch('b');
    await untilEffect(fresh.database, 'steps-down', 'last');
    expect(await effectsOf(fresh.database, 'steps-down')).toHaveLength(4);
  });

  it('does not wait for a step that does not end', async () => {
    const process = await launch('a');
    await startRun(process, 'steps-stuck');
    await untilEffect(fresh.database, 'steps-stuck', 'slow begins');

    process.send('stop');
    await once(process, 'exit');

    expect(process.exitCode).toBe(0);
  });
});

describe('receive', () => {
  it('keeps its deadline over a restart', async () => {
    const at = Date.now() + 3_000;
    await fresh.database.query(sql`insert into deadline values ('waits-deadline', ${at})`);
    const first = await launch('a');
    await startRun(first, 'waits-deadline');
    await untilEffect(fresh.database, 'waits-deadline', 'waiting');
    await kill(first);

    await launch('a');

    await untilEffect(fresh.database, 'waits-deadline', 'told nothing');
    expect(Date.now()).toBeGreaterThanOrEqual(at);
    expect(Date.now()).toBeLessThan(at + 3_000);
    // a kill between a step and the record of its end has it done again
    const effects = new Set(await untilEffect(fresh.database, 'waits-deadline', 'then nothing'));
    expect([...effects]).toEqual(['waiting', 'told nothing', 'then nothing']);
  });
});

describe('an error thrown by a step', () => {
  it('has the same code, words in every language, data and cause at once and after a restart', async () => {
    const first = await launch('a');
    await startRun(first, 'fails-1');
    await vi.waitFor(
      async () => expect(await effectsOf(fresh.database, 'fails-1')).toHaveLength(1),
      SOON,
    );
    await kill(first);

    await launch('a');

    await vi.waitFor(
      async () => expect(await effectsOf(fresh.database, 'fails-1')).toHaveLength(2),
      SOON,
    );
    const said = ['Stopped by Mina.', 'Mina 님이 중지했습니다.', 'Mina さんが停止しました。'];
    const data = { pod: 'api-1', attempts: 3 };
    const seen = JSON.stringify(['pod_stuck', said, data, '429']);
    expect(await effectsOf(fresh.database, 'fails-1')).toEqual([seen, seen]);
  });
});
