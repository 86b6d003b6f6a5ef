import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startSimulatedCluster } from '../src/demo/cluster/simulated-cluster.ts';
import type { World } from '../src/demo/cluster/world.ts';
import { budget, deployment, node } from '../test/actions/manifests.ts';

/** The node that is drained; all pods begin there. */
export const NODE = 'w-1';

export interface Scenario {
  readonly name: string;
  /** How many Deployments, each under a budget of its own. */
  readonly workloads: number;
  readonly replicas: number;
  /** How many pods of each may be missing at a time. */
  readonly maxUnavailable: number;
  readonly podStartMs: number;
  readonly podStopMs: number;
}

/** A cluster in which every request is counted. */
export interface MeasuredCluster {
  readonly kubeconfig: string;
  readonly url: string;
  readonly token: string;
  readonly world: World;
  /** Requests so far, reads and watches included. */
  requests(): number;
  stop(): Promise<void>;
}

/** The same beginning for everybody: all pods Ready on one node, and two empty nodes beside it. */
export async function startMeasuredCluster(scenario: Scenario): Promise<MeasuredCluster> {
  const { podStartMs, podStopMs } = scenario;
  const others = ['w-2', 'w-3'];
  const cluster = await startSimulatedCluster({
    name: 'bench',
    region: 'bench',
    seed: [NODE, ...others].map((name) => node(name)),
    timings: { podStartMs, podStopMs, budgetDelayMs: 100, secondMs: 1000 },
  });
  const { world } = cluster;
  for (const name of others) setUnschedulable(world, name, true);
  for (const manifest of workloadsOf(scenario)) world.apply(manifest);
  await budgetsAllow(world, scenario);
  for (const name of others) setUnschedulable(world, name, false);
  setUnschedulable(world, NODE, true);
  let requests = 0;
  world.faults = [
    () => {
      requests += 1;
      return undefined;
    },
  ];
  const directory = await mkdtemp(join(tmpdir(), 'handrail-bench-'));
  const kubeconfig = join(directory, 'kubeconfig.yml');
  await writeFile(kubeconfig, cluster.kubeconfig);
  return {
    kubeconfig,
    url: cluster.url,
    token: cluster.token,
    world,
    requests: () => requests,
    async stop() {
      await cluster.stop();
      await rm(directory, { recursive: true });
    },
  };
}

function workloadsOf({ workloads, replicas, maxUnavailable }: Scenario) {
  return Array.from({ length: workloads }, (_, index) => `app-${index + 1}`).flatMap((name) => [
    deployment(name, { replicas }),
    budget(name, { maxUnavailable }),
  ]);
}

function setUnschedulable(world: World, name: string, unschedulable: boolean): void {
  const object = world.get('Node', name);
  if (object === undefined) throw new Error(`no node ${name}`);
  const { spec } = object as { spec?: object };
  world.apply({ ...object, spec: { ...spec, unschedulable } });
}

/** Every pod is Ready, and the disruption controller knows. */
async function budgetsAllow(world: World, { maxUnavailable, replicas }: Scenario): Promise<void> {
  for (;;) {
    const budgets = world.list('PodDisruptionBudget') as readonly {
      readonly status?: { readonly disruptionsAllowed?: number; readonly currentHealthy?: number };
    }[];
    const areReady = budgets.every(
      ({ status }) =>
        status?.disruptionsAllowed === maxUnavailable && status.currentHealthy === replicas,
    );
    if (areReady) return;
    await delay(20);
  }
}

/** How many pods are still on the node. */
export function podsLeft(world: World): number {
  return world
    .list('Pod')
    .filter((pod) => (pod as { spec?: { nodeName?: string } }).spec?.nodeName === NODE).length;
}
