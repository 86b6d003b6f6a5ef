import process, { stdout } from 'node:process';
import { planByHandrail } from './drain-by-handrail.ts';
import { drainByKubectl, kubectlVersion } from './drain-by-kubectl.ts';
import { drainBySleeping } from './drain-by-sleeping.ts';
import {
  type MeasuredCluster,
  podsLeft,
  type Scenario,
  startMeasuredCluster,
} from './measured-cluster.ts';

// Drains the same node in several ways, one after the other, each in a fresh cluster, while budgets bind. Fails where
// Handrail, as it drains unless told otherwise, takes more than half of kubectl's time, or more API calls.

const MOST_TIME = 0.5;
const MOST_CALLS = 1;

const SCENARIOS: readonly Scenario[] = [
  {
    name: 'one workload, quick pods',
    workloads: 1,
    replicas: 6,
    maxUnavailable: 1,
    podStartMs: 500,
    podStopMs: 300,
  },
  {
    name: 'one workload, pods of 3 s',
    workloads: 1,
    replicas: 6,
    maxUnavailable: 1,
    podStartMs: 2000,
    podStopMs: 1000,
  },
  {
    name: 'four workloads, quick pods',
    workloads: 4,
    replicas: 4,
    maxUnavailable: 1,
    podStartMs: 500,
    podStopMs: 300,
  },
  {
    name: 'four workloads, pods of 3 s',
    workloads: 4,
    replicas: 4,
    maxUnavailable: 1,
    podStartMs: 2000,
    podStopMs: 1000,
  },
];

interface Way {
  readonly name: string;
  /** What comes before the drain, and is counted apart. */
  readonly prepare: (cluster: MeasuredCluster) => Promise<() => Promise<void>>;
}

interface Measure {
  readonly way: string;
  readonly seconds: number;
  readonly requests: number;
  readonly requestsBefore: number;
}

const byDefault: Way = { name: 'Handrail', prepare: (cluster) => planByHandrail(cluster) };
const oneAtATime: Way = {
  name: 'Handrail, maxParallel 1',
  prepare: (cluster) => planByHandrail(cluster, { maxParallel: 1 }),
};

async function measure(scenario: Scenario, { name, prepare }: Way): Promise<Measure> {
  const cluster = await startMeasuredCluster(scenario);
  try {
    const drain = await prepare(cluster);
    const requestsBefore = cluster.requests();
    const since = performance.now();
    await drain();
    const seconds = (performance.now() - since) / 1000;
    const left = podsLeft(cluster.world);
    if (left > 0) throw new Error(`${name} left ${left} pods on the node`);
    return { way: name, seconds, requests: cluster.requests() - requestsBefore, requestsBefore };
  } finally {
    await cluster.stop();
  }
}

function row({ way, seconds, requests, requestsBefore }: Measure, base: Measure): string {
  const ratio = (part: number, whole: number) => `${(part / whole).toFixed(2)}×`;
  return [
    `  ${way.padEnd(26)}`,
    `${seconds.toFixed(1).padStart(6)} s ${ratio(seconds, base.seconds).padStart(6)}`,
    `${String(requests).padStart(6)} API calls ${ratio(requests, base.requests).padStart(6)}`,
    requestsBefore > 0 ? `  (and ${requestsBefore} to plan)` : '',
  ].join(' ');
}

function holds({ seconds, requests }: Measure, kubectl: Measure): boolean {
  return seconds <= kubectl.seconds * MOST_TIME && requests <= kubectl.requests * MOST_CALLS;
}

const kubectl = await kubectlVersion();
const rivals: Way[] = [{ name: 'fixed sleep', prepare: async (at) => () => drainBySleeping(at) }];
if ('version' in kubectl) {
  rivals.unshift({
    name: `kubectl ${kubectl.version}`,
    prepare: async (at) => () => drainByKubectl(at),
  });
} else stdout.write(`SKIPPED kubectl: ${kubectl.missing}\n`);

for (const scenario of SCENARIOS) {
  const { name, workloads, replicas, maxUnavailable } = scenario;
  stdout.write(`${name}: ${workloads} × ${replicas} pods, ${maxUnavailable} of each at a time\n`);
  let base: Measure | undefined;
  for (const way of [...rivals, byDefault, ...(workloads > 1 ? [oneAtATime] : [])]) {
    const measured = await measure(scenario, way);
    base ??= measured;
    stdout.write(`${row(measured, base)}\n`);
    if (way === byDefault && 'version' in kubectl && !holds(measured, base)) {
      stdout.write('  MISSED: at most half of the time of kubectl, and no more API calls\n');
      process.exitCode = 1;
    }
  }
}
