import { createHash } from 'node:crypto';
import { stringify } from 'yaml';
import { Gate } from './access/gate.ts';
import { ServiceAccountTokens } from './access/service-account-tokens.ts';
import { systemPriorityClasses } from './admission/priority.ts';
import { ApiServer } from './api/api-server.ts';
import { Lister } from './api/list.ts';
import { startControlPlane } from './controllers/control-plane.ts';
import { PriorityClass } from './model/kinds.ts';
import type { Manifest } from './model/objects.ts';
import { Registry } from './registry/registry.ts';
import { realClock, type SimulatedClock } from './simulated-clock.ts';
import { Store } from './storage/store.ts';
import { defaultTimings, type Timings } from './timings.ts';
import { apply, createWorld, type World } from './world.ts';

export interface SimulatedCluster {
  readonly name: string;
  readonly url: string;
  /** YAML; its context and cluster are named like the simulated cluster. */
  readonly kubeconfig: string;
  /**
   * Of the user `<name>-admin`, who may do everything, unless a ClusterRoleBinding or RoleBinding names that user: then
   * they may only what is bound. Besides it, the API lets in the tokens of service accounts.
   */
  readonly token: string;
  readonly world: World;
  stop(): Promise<void>;
}

export interface SimulatedClusterOptions {
  readonly name: string;
  readonly region: string;
  /** 0 or absent takes a free port. */
  readonly port?: number;
  /** What is there to begin with; not looked at where the data file already holds a world. */
  readonly seed: readonly Manifest[];
  /** An append-only log of changes: the world survives a kill of the process. */
  readonly dataFile?: string;
  readonly timings?: Partial<Timings>;
  /** Real time where absent; a `MovableClock` lets a test decide how much time passes. */
  readonly clock?: SimulatedClock;
}

const systemNamespaces = ['default', 'kube-system', 'kube-public', 'kube-node-lease'];

/**
 * Starts a Kubernetes API server with its controllers, scheduler and kubelets, on 127.0.0.1.
 * @throws Error where the port is taken, the data file cannot be written, or the seed does not fit
 */
export async function startSimulatedCluster(
  options: SimulatedClusterOptions,
): Promise<SimulatedCluster> {
  const timings = { ...defaultTimings, ...options.timings };
  const store = new Store(options.clock ?? realClock, options.dataFile);
  if (store.isEmpty) fill(store, options.seed);
  ensurePriorityClasses(store);
  if (options.dataFile !== undefined) store.record(options.dataFile);
  store.history.compact();
  const registry = new Registry(store);
  const token = tokenOf(options.name, options.region);
  const tokens = new ServiceAccountTokens(store, `service accounts/${token}`);
  const server = new ApiServer({
    resources: { registry, lister: new Lister(store, timings.continueMs), tokens },
    gate: new Gate(store, tokens, { name: adminOf(options.name), token }),
    bookmarkMs: timings.bookmarkMs,
    port: options.port ?? 0,
  });
  const url = await server.listen();
  const stopControlPlane = startControlPlane(registry, timings);
  return {
    name: options.name,
    url,
    token,
    kubeconfig: kubeconfigOf(options.name, url, token),
    world: createWorld(store, server),
    stop: async () => {
      stopControlPlane();
      await server.close();
      store.close();
    },
  };
}

function fill(store: Store, seed: readonly Manifest[]): void {
  for (const name of systemNamespaces) {
    const status = { phase: 'Active' };
    apply(store, { apiVersion: 'v1', kind: 'Namespace', metadata: { name }, status });
  }
  for (const manifest of seed) apply(store, manifest);
}

/** Also in a world that an older version has left. */
function ensurePriorityClasses(store: Store): void {
  for (const manifest of systemPriorityClasses) {
    const { name = '' } = manifest.metadata;
    if (store.get(PriorityClass, name) === undefined) apply(store, manifest);
  }
}

/** Each cluster has its own, so that a token sent to the wrong cluster is noticed. */
function tokenOf(name: string, region: string): string {
  return createHash('sha256').update(`${region}/${name}`).digest('hex').slice(0, 32);
}

function adminOf(cluster: string): string {
  return `${cluster}-admin`;
}

function kubeconfigOf(name: string, server: string, token: string): string {
  const user = adminOf(name);
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: { server, 'insecure-skip-tls-verify': true } }],
    users: [{ name: user, user: { token } }],
    contexts: [{ name, context: { cluster: name, user } }],
    'current-context': name,
  });
}
