import type { Manifest } from '../../src/demo/cluster/model/objects.ts';
import {
  clusterApi,
  machineNameOf,
  workerAnnotations,
} from '../../src/demo/cluster/seeds/cluster-api.ts';
import { node, type SeedNode } from '../../src/demo/cluster/seeds/nodes.ts';
import type { Workload } from '../../src/demo/cluster/seeds/pods.ts';
import {
  budget,
  daemonSet,
  deployment,
  service,
  statefulSet,
} from '../../src/demo/cluster/seeds/workloads.ts';
import {
  type SimulatedCluster,
  startSimulatedCluster,
} from '../../src/demo/cluster/simulated-cluster.ts';

const WORKERS = 7;

/** A small pool whose workloads have budgets that bind while several of its nodes are drained at once. */
export function startChaosCluster(name: string): Promise<SimulatedCluster> {
  return startSimulatedCluster({
    name,
    region: `chaos-${name}`,
    seed: chaosSeed(name),
    timings: { podStartMs: 200, podStopMs: 100, machineBootMs: 400, machineStopMs: 100 },
  });
}

function chaosSeed(cluster: string): Manifest[] {
  const region = `chaos-${cluster}`;
  const workers = Array.from({ length: WORKERS }, (_, index) => worker(cluster, index + 1));
  const on = (...numbers: number[]) => numbers.map((number) => `${cluster}-a-${number}`);
  const workload = (path: string, nodes: readonly string[]): Workload => {
    const [namespace = '', name = ''] = path.split('/');
    const image = `registry.example.com/${path}:1`;
    const base = { region, namespace, name, team: 'chaos', release: '1', image, on: nodes };
    return { ...base, cpu: '200m', memory: '128Mi', port: 8080 };
  };
  const web = workload('shop/web', on(1, 2, 3, 4, 5, 6, 7));
  const api = workload('shop/api', on(1, 3, 5, 7));
  const queue = workload('shop/queue', on(2, 4, 6));
  // One pod each, and a budget that needs it: wherever it is, it moves by a restart.
  const singles = [1, 3, 5].map((number) => workload(`shop/single-${number}`, on(number)));
  const store = workload('data/store', on(2, 4, 6));
  const agent = workload('kube-system/agent', on(1, 2, 3, 4, 5, 6, 7));
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'handrail' } },
    ...workers.map(node),
    ...clusterApi({ region, cluster, workers, controlPlane: [], zones: `${region}a=1` }),
    ...[web, api, queue, ...singles].flatMap(deployment),
    ...statefulSet(store),
    ...daemonSet(agent),
    ...[web, api, store].map(service),
    budget(web, { minAvailable: 5 }),
    budget(api, { maxUnavailable: 1 }),
    ...singles.map((single) => budget(single, { minAvailable: 1 })),
    budget(store, { maxUnavailable: 1 }),
  ];
}

function worker(cluster: string, number: number): SeedNode {
  const region = `chaos-${cluster}`;
  const name = `${cluster}-a-${number}`;
  const seed = {
    region,
    name,
    zone: `${region}a`,
    cpu: '8',
    memory: '32Gi',
    instanceType: 'chaos.large',
    address: `10.0.0.${number}`,
    labels: { pool: 'workers', 'node-role.kubernetes.io/worker': '' },
  };
  return { ...seed, annotations: workerAnnotations(cluster, machineNameOf(seed)) };
}
