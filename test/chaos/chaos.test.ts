import { stdout } from 'node:process';
import sql from 'sql-template-tag';
import { afterEach, describe, expect, inject, it, vi } from 'vitest';
import { letThingsGoWrong } from './chaos-faults.ts';
import { type ChaosWorld, startChaosWorld } from './chaos-world.ts';
import { checkAudit } from './check-audit.ts';
import { checkClusters } from './check-clusters.ts';
import { checkRuns } from './check-runs.ts';
import { checkSlack, unsentMessages } from './check-slack.ts';
import { Fleet } from './fleet.ts';
import { Incident } from './people.ts';
import { Random } from './random.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Set by CHAOS_SEED and CHAOS_RUNS: see vitest.config.ts. */
    chaos: { readonly seed: number; readonly runs: number };
  }
}

const { seed, runs } = inject('chaos');
/** Each has a pool of seven. */
const CLUSTERS = ['kr', 'jp', 'sg', 'us'];
const RUNS_AT_ONCE = 16;
const WAVE_MS = 240_000;
const PATIENCE = { timeout: 120_000, interval: 200 };

let world: ChaosWorld;
let fleet: Fleet;

afterEach(async () => {
  await fleet.stop();
  await world.stop();
});

describe(`${runs} runs among kills, faults and quarrels (CHAOS_SEED=${seed})`, () => {
  it('all end right, and leave nothing behind that is not theirs', {
    timeout: WAVE_MS * Math.ceil(runs / RUNS_AT_ONCE),
  }, async () => {
    const random = new Random(seed);
    world = await startChaosWorld(CLUSTERS);
    fleet = new Fleet(world, random.fork());

    for (let left = runs, wave = 1; left > 0; left -= RUNS_AT_ONCE, wave += 1) {
      await fleet.resize(wave % 2 === 0 ? 2 : 1);
      await liveThrough(Math.min(left, RUNS_AT_ONCE), random);
      await settle();
      expect(await faults(), `after wave ${wave}\n${await lastWords()}`).toEqual([]);
      report(await tally());
    }
  });
});

async function liveThrough(count: number, random: Random): Promise<void> {
  const calm = letThingsGoWrong(world, random.fork());
  const over = new AbortController();
  const disturbing = fleet.disturb(random.between(3, 6), over.signal);
  await Promise.all(
    targets(random)
      .slice(0, count)
      .map((where) => new Incident(world, random.fork(), where).live()),
  );
  over.abort();
  await disturbing;
  calm();
}

/** Nodes of all clusters in turn. */
function targets(random: Random): { cluster: string; node: string }[] {
  return world.clusters
    .flatMap((cluster) =>
      random
        .shuffled(cluster.world.list('Node'))
        .map(({ metadata }, turn) => ({ cluster: cluster.name, node: metadata.name, turn })),
    )
    .toSorted((a, b) => a.turn - b.turn);
}

/** Until every run has ended, every message is sent, and every machine is what its pool wants. */
async function settle(): Promise<void> {
  await vi.waitFor(async () => {
    const active = await world.database.query(
      sql`select id, status from run where ended_at is null`,
    );
    const waitsFor = { active, unsent: await unsentMessages(world), pools: poolSizes() };
    const isSettled =
      active.length === 0 && waitsFor.unsent === 0 && waitsFor.pools.every((size) => size === 7);
    if (!isSettled) throw new Error(`never settled: ${JSON.stringify(waitsFor)}`);
  }, PATIENCE);
}

function poolSizes(): number[] {
  return world.clusters.map((cluster) => {
    const machines = cluster.world.list('Machine').length;
    const nodes = cluster.world.list('Node').length;
    return machines === nodes ? nodes : -1;
  });
}

async function faults(): Promise<string[]> {
  return [
    ...(await checkRuns(world)),
    ...(await checkClusters(world)),
    ...(await checkAudit(world)),
    ...(await checkSlack(world)),
  ];
}

async function tally(): Promise<string> {
  const rows = await world.database.query<{ end: string; count: number }>(sql`
    select status || coalesce(' ' || (failure->>'code'), '') as end, count(*)::int as count from run
    group by 1 order by 2 desc`);
  const ends = rows.map(({ end, count }) => `${count} ${end}`).join(', ');
  return `${ends}; ${fleet.disturbances}; CHAOS_SEED=${seed}`;
}

async function lastWords(): Promise<string> {
  return `${await tally()}\n${fleet.log.slice(-20_000)}`;
}

function report(text: string): void {
  stdout.write(`chaos: ${text}\n`);
}
