import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { verifyAudit } from '../../src/audit/verify-audit.ts';
import type { Database } from '../../src/database/database.ts';
import { connectDatabase } from '../../src/database/postgres.ts';
import { type DatabaseProxy, startProxy } from '../database/proxy.ts';
import { footprint } from '../footprint.ts';
import { type Surroundings, startSurroundings } from './handrail-world.ts';
import { ServeProcess } from './serve-process.ts';

const KR = 'C0KROPS';
const PATIENCE = { timeout: 40_000, interval: 50 };

let around: Surroundings;
/** The only way that Handrail has to its database; the test itself looks past it. */
let proxy: DatabaseProxy;
let handrail: ServeProcess;
let database: Database;
beforeAll(async () => {
  around = await startSurroundings({ timings: { podStartMs: 150, podStopMs: 100 } });
  proxy = await startProxy(around.databaseUrl);
  const variables = { ...around.variables, DATABASE_URL: proxy.url };
  handrail = await ServeProcess.start({ ...around, variables });
  database = await connectDatabase(around.databaseUrl, { log: pino({ level: 'silent' }) });
});
afterAll(async () => {
  await handrail.kill('SIGTERM');
  await proxy.close();
  await database.close();
  await around.stop();
});

function told(user: string): string {
  return around.workspace
    .ephemerals(user)
    .map(({ text }) => text)
    .join('\n');
}

async function card(): Promise<string> {
  return vi.waitFor(() => {
    const found = around.workspace
      .messages(KR)
      .findLast(({ blocks }) => JSON.stringify(blocks).includes('approval_approve'));
    if (!found) throw new Error('no card yet');
    return found.ts;
  }, PATIENCE);
}

function evictions(): string[] {
  return around.cluster.world.requests
    .filter(({ path, dryRun, status }) => path.endsWith('/eviction') && !dryRun && status === 201)
    .map(({ path }) => path);
}

describe('while the database is away', () => {
  it('who asks is told in time, nothing is half done, and what was asked for counts when it is asked once more', async () => {
    await around.workspace.slash('U0MINA', KR, 'node-unstable kr-b-2');
    const ts = await card();
    const before = await footprint(database);
    await proxy.close();

    const began = performance.now();
    const outcomes = await Promise.all([
      around.workspace.slash('U0KENJI', KR, 'node-unstable kr-b-3'),
      around.workspace.click('U0JUN', { channel: KR, ts }, 'approval_approve'),
    ]);
    const acknowledgedMs = performance.now() - began;
    for (const user of ['U0KENJI', 'U0JUN']) {
      await vi.waitFor(() => expect(told(user)).toBe(NOT_TAKEN), PATIENCE);
    }
    const health = await fetch(new URL('/readyz', handrail.requestUrl));

    expect(outcomes).toEqual([{}, {}]);
    expect(acknowledgedMs).toBeLessThan(3000);
    expect([health.status, await health.text()]).toEqual([503, 'the database cannot be reached\n']);
    expect(await footprint(database)).toEqual(before);
    expect(evictions()).toEqual([]);

    await proxy.open();
    await around.workspace.click('U0JUN', { channel: KR, ts }, 'approval_approve');
    await vi.waitFor(() => expect(evictions().length).toBeGreaterThan(1), PATIENCE);
  });

  it('a run stands still, and goes on where it was', async () => {
    await proxy.close();
    // what was under way when the connections broke
    await around.workspace.slash('U0AIKO', KR, 'status');
    await vi.waitFor(() => expect(told('U0AIKO')).toBe(NOT_TAKEN), PATIENCE);
    const soFar = evictions().length;
    await around.workspace.slash('U0KENJI', KR, 'status');
    await vi.waitFor(() => expect(told('U0KENJI')).toBe(`${NOT_TAKEN}\n${NOT_TAKEN}`), PATIENCE);
    expect(evictions()).toHaveLength(soFar);

    await proxy.open();

    await vi.waitFor(() => expect(shown()).toContain('Succeeded: node-unstable kr-b-2'), PATIENCE);
    expect(evictions().length).toBeGreaterThan(soFar);
    expect(new Set(evictions()).size).toBe(evictions().length);
    expect((await verifyAudit(database)).faults).toEqual([]);
  });
});

const NOT_TAKEN =
  'The database does not answer, so what you asked for was not taken. Wait a moment, and do it once more.';

function shown(): string {
  return JSON.stringify(around.workspace.messages(KR));
}
