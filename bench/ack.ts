import { stdout } from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { type AckWorld, startAckWorld } from './ack-world.ts';

// How long Slack waits for the acknowledgement of a command and of a click, idle and while runs are under way. Slack gives
// up after 3,000 ms.

const SAMPLES = 150;
const RUNS_IN_EACH_CLUSTER = 4;

interface Times {
  readonly command: readonly number[];
  readonly click: readonly number[];
}

async function sample(world: AckWorld, isOver: () => boolean): Promise<Times> {
  const command: number[] = [];
  const click: number[] = [];
  while (command.length < SAMPLES && !isOver()) {
    command.push(await timed(() => world.command()));
    click.push(await timed(() => world.click()));
    await delay(30);
  }
  return { command, click };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const since = performance.now();
  await work();
  return performance.now() - since;
}

function row(name: string, times: readonly number[]): string {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.ceil(share * sorted.length) - 1]?.toFixed(1) ?? '-';
  const numbers = `p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, longest ${at(1)} ms`;
  return `  ${name.padEnd(8)} ${numbers} (${times.length} times)\n`;
}

function print(title: string, { command, click }: Times): void {
  stdout.write(`${title}\n${row('command', command)}${row('click', click)}`);
}

const world = await startAckWorld();
try {
  const idle = await sample(world, () => false);
  print('idle', idle);
  const runs = await world.startRuns(RUNS_IN_EACH_CLUSTER);
  const loaded = await sample(world, () => world.draining() === 0);
  print(`${runs} runs approved, ${world.draining()} nodes still cordoned at the end`, loaded);
} finally {
  await world.stop();
}
