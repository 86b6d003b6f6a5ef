import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import type { ClusterFacts, Effect, PlanContext } from '../../src/actions/action.ts';
import { selects } from '../../src/actions/label-selector.ts';
import type { KubeObject, Manifest } from '../../src/demo/cluster/model/objects.ts';
import {
  type SimulatedCluster,
  startSimulatedCluster,
} from '../../src/demo/cluster/simulated-cluster.ts';
import type { Timings } from '../../src/demo/cluster/timings.ts';
import type { World } from '../../src/demo/cluster/world.ts';
import { connectCluster } from '../../src/kubernetes/connect-cluster.ts';
import type { Cluster } from '../../src/kubernetes/kubernetes.ts';
import { DisruptionBudget } from '../../src/kubernetes/resources/disruption-budget.ts';
import { Pod } from '../../src/kubernetes/resources/pod.ts';
import { createMachineProviders } from '../../src/provider/find-owner.ts';
import { scaledClock } from './scaled-clock.ts';

/** How many times faster than real time everything runs that is written in seconds. */
const SPEED = 40;

/** A simulated cluster, the product's own client of it, and what tests do to it from behind. */
export interface TestWorld {
  readonly cluster: Cluster;
  readonly world: World;
  context(options?: {
    accepted?: readonly string[];
    earlier?: readonly Effect[];
    facts?: Partial<ClusterFacts>;
  }): PlanContext;
  /** Has these pods scheduled to one node, and waits until all of them are Ready. */
  place(node: string, manifests: readonly Manifest[]): Promise<void>;
  podsOn(node: string): Promise<Pod[]>;
  /** Waits for pods of an app, so many of them Ready. */
  ready(app: string, count: number): Promise<Pod[]>;
  cordon(node: string): void;
  uncordon(node: string): void;
  /** Waits until the budget of this name stands so. */
  budget(name: string, status: Partial<DisruptionBudget['status']>): Promise<void>;
  /** UIDs of pods whose eviction was accepted, in order; a UID is there twice if it was evicted twice. */
  evictedUids(): string[];
  stop(): Promise<void>;
}

export async function startTestWorld(
  seed: readonly Manifest[],
  timings: Partial<Timings> = {},
): Promise<TestWorld> {
  const simulated = await startSimulatedCluster({
    name: 'kr',
    region: 'ap-northeast-2',
    seed,
    // The API's own durations run as fast as the clock of the actions.
    timings: { secondMs: 1000 / SPEED, ...timings },
  });
  const directory = await mkdtemp(join(tmpdir(), 'handrail-test-'));
  const kubeconfig = join(directory, 'kubeconfig.yml');
  await writeFile(kubeconfig, simulated.kubeconfig);
  const cluster = connectCluster(
    { name: 'kr', kubeconfig, context: 'kr', inCluster: false },
    { callTimeoutMs: 3_000, readBudgetMs: 6_000, baseBackoffMs: 5, maxBackoffMs: 40 },
  );
  const { world } = simulated;
  return {
    cluster,
    world,
    context: (options = {}) => planContext(cluster, options),
    place: (node, manifests) => place(simulated, { cluster, node, manifests }),
    podsOn: (node) => cluster.list(Pod, { fieldSelector: `spec.nodeName=${node}` }),
    ready: (app, count) => readyPods(cluster, app, count),
    cordon: (node) => setUnschedulable(world, node, true),
    uncordon: (node) => setUnschedulable(world, node, false),
    budget: (name, status) => budgetStands(cluster, name, status),
    evictedUids: () => evictedUids(world),
    async stop() {
      await simulated.stop();
      await rm(directory, { recursive: true });
    },
  };
}

function planContext(
  cluster: Cluster,
  options: NonNullable<Parameters<TestWorld['context']>[0]>,
): PlanContext {
  return {
    cluster,
    clusterSettings: {
      name: 'kr',
      region: 'ap-northeast-2',
      leaseNamespace: 'handrail',
      provider: 'auto',
      tiles: [],
      criticalNamespaces: ['kube-system'],
      ...options.facts,
    },
    providers: createMachineProviders({}),
    clock: scaledClock(SPEED),
    accepted: new Set(options.accepted ?? []),
    earlier: options.earlier ?? [],
  };
}

async function place(
  { world }: SimulatedCluster,
  { cluster, node, manifests }: { cluster: Cluster; node: string; manifests: readonly Manifest[] },
): Promise<void> {
  const others = world
    .list('Node')
    .filter(({ metadata, ...rest }) => metadata.name !== node && !isUnschedulable(rest))
    .map(({ metadata }) => metadata.name);
  for (const other of others) setUnschedulable(world, other, true);
  for (const manifest of manifests) world.apply(manifest);
  await settled(cluster, manifests);
  for (const other of others) setUnschedulable(world, other, false);
}

function isUnschedulable(object: Omit<KubeObject, 'metadata'>): boolean {
  const { spec } = object as { spec?: { unschedulable?: boolean } };
  return spec?.unschedulable === true;
}

/** All that these manifests keep is Ready. */
async function settled(cluster: Cluster, manifests: readonly Manifest[]): Promise<void> {
  for (const { kind, metadata, spec } of manifests) {
    const { replicas } = (spec ?? {}) as { replicas?: number };
    if (replicas !== undefined) await readyPods(cluster, metadata.name ?? '', replicas);
    if (kind === 'PodDisruptionBudget') await counted(cluster, metadata.name ?? '');
    if (kind === 'Pod') {
      await vi.waitUntil(
        async () =>
          isReady(await cluster.get(Pod, { name: metadata.name ?? '', namespace: 'web' })),
        { timeout: 5_000, interval: 20 },
      );
    }
  }
}

/** The disruption controller has counted all that is Ready. */
async function counted(cluster: Cluster, name: string): Promise<void> {
  await vi.waitUntil(
    async () => {
      const budget = await cluster.get(DisruptionBudget, { name, namespace: 'web' });
      const pods = await cluster.list(Pod, { namespace: 'web' });
      const covered = pods.filter((pod) => selects(budget.spec.selector, pod.metadata.labels));
      const { observedGeneration, currentHealthy } = budget.status;
      const isCurrent = observedGeneration === budget.metadata.generation;
      return isCurrent && currentHealthy === covered.filter(isReady).length;
    },
    { timeout: 5_000, interval: 20 },
  );
}

function setUnschedulable(world: World, name: string, unschedulable: boolean): void {
  const node = world.get('Node', name);
  if (node === undefined) throw new Error(`no node ${name}`);
  const { spec } = node as { spec?: object };
  world.apply({ ...node, spec: { ...spec, unschedulable } });
}

async function budgetStands(
  cluster: Cluster,
  name: string,
  status: Partial<DisruptionBudget['status']>,
): Promise<void> {
  await vi.waitUntil(
    async () => {
      const now = await cluster.get(DisruptionBudget, { name, namespace: 'web' });
      return Object.entries(status).every(
        ([key, value]) => now.status[key as keyof typeof status] === value,
      );
    },
    { timeout: 5_000, interval: 20 },
  );
}

function readyPods(cluster: Cluster, app: string, count: number): Promise<Pod[]> {
  return vi.waitUntil(
    async () => {
      const pods = await cluster.list(Pod, { namespace: 'web', labelSelector: `app=${app}` });
      const ready = pods.filter(isReady);
      return ready.length === count && ready;
    },
    { timeout: 5_000, interval: 20 },
  );
}

export function isReady({ metadata, status }: Pod): boolean {
  const ready = status.conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
  return ready && metadata.deletionTimestamp === undefined;
}

function evictedUids(world: World): string[] {
  return world.requests.flatMap(({ path, status, dryRun, body }) => {
    if (!path.endsWith('/eviction') || dryRun || status !== 201) return [];
    const { deleteOptions } = body as { deleteOptions?: { preconditions?: { uid?: string } } };
    return [deleteOptions?.preconditions?.uid ?? ''];
  });
}
