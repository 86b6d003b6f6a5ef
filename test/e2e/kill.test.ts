import { pino } from 'pino';
import sql from 'sql-template-tag';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { verifyAudit } from '../../src/audit/verify-audit.ts';
import type { Database } from '../../src/database/database.ts';
import { connectDatabase } from '../../src/database/postgres.ts';
import { type Surroundings, startSurroundings } from './handrail-world.ts';
import { ServeProcess } from './serve-process.ts';

const PATIENCE = { timeout: 60_000, interval: 50 };

let around: Surroundings;
let database: Database;
let serving: ServeProcess;

afterEach(async () => {
  await serving.kill('SIGKILL');
  await database.close();
  await around.stop();
});

async function begin(): Promise<void> {
  around = await startSurroundings({ timings: { podStartMs: 150, podStopMs: 100 } });
  database = await connectDatabase(around.databaseUrl, { log: pino({ level: 'silent' }) });
  serving = await ServeProcess.start(around);
}

/** The uid of each pod that an eviction was accepted for, as the API server saw it. */
function evicted(): string[] {
  return around.cluster.world.requests
    .filter(({ path, status, dryRun }) => path.endsWith('/eviction') && status === 201 && !dryRun)
    .map(({ body }) => {
      const { deleteOptions } = body as { deleteOptions: { preconditions: { uid: string } } };
      return deleteOptions.preconditions.uid;
    });
}

async function status(): Promise<string | undefined> {
  const rows = await database.query<{ status: string }>(sql`select status from run`);
  return rows[0]?.status;
}

async function approve(): Promise<void> {
  const card = await vi.waitFor(() => {
    const shown = around.workspace
      .messages('C0KROPS')
      .find(({ blocks }) => JSON.stringify(blocks).includes('approval_approve'));
    if (shown === undefined) throw new Error('there is no approval card yet');
    return shown;
  }, PATIENCE);
  await around.workspace.click('U0JUN', card, 'approval_approve');
}

describe('handrail serve, killed', () => {
  it('in the middle of a drain, three times, ends the run right when it is back, and evicts no pod twice', {
    timeout: 120_000,
  }, async () => {
    await begin();
    await around.workspace.slash('U0MINA', 'C0KROPS', 'node-unstable kr-b-2');
    await approve();

    for (const pods of [2, 4, 7]) {
      await expect.poll(() => evicted().length, PATIENCE).toBeGreaterThanOrEqual(pods);
      await serving.kill('SIGKILL');
      serving = await ServeProcess.start(around);
    }

    await expect.poll(status, PATIENCE).toBe('succeeded');
    const uids = evicted();
    expect(new Set(uids).size).toBe(uids.length);
    expect(uids).toHaveLength(10);
    expect(around.cluster.world.get('Node', 'kr-b-2')).toBeUndefined();
    expect((await verifyAudit(database)).faults).toEqual([]);
    const summaries = () =>
      around.workspace.messages('C0KROPS').filter(({ text }) => text.includes('Succeeded'));
    await expect.poll(() => summaries().length, PATIENCE).toBeGreaterThan(0);
  });

  it('while an approval is pending still has the approval when it is back', {
    timeout: 60_000,
  }, async () => {
    await begin();
    await around.workspace.slash('U0MINA', 'C0KROPS', 'node-unstable kr-b-2');
    await expect.poll(status, PATIENCE).toBe('awaiting_approval');
    await serving.kill('SIGKILL');
    serving = await ServeProcess.start(around);

    await approve();

    await expect.poll(status, PATIENCE).toBe('succeeded');
  });

  it('by a polite signal ends within seconds, in the middle of a drain too', {
    timeout: 60_000,
  }, async () => {
    await begin();
    await around.workspace.slash('U0MINA', 'C0KROPS', 'node-unstable kr-b-2');
    await approve();
    await expect.poll(() => evicted().length, PATIENCE).toBeGreaterThanOrEqual(1);

    const before = performance.now();
    await serving.kill('SIGTERM');

    expect(performance.now() - before).toBeLessThan(8000);
    expect(await status()).toBe('running');
    serving = await ServeProcess.start(around);
    await expect.poll(status, PATIENCE).toBe('succeeded');
  });
});
