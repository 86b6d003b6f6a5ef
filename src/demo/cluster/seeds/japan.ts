import type { Manifest } from '../model/objects.ts';
import { karpenter } from './karpenter.ts';
import { node, type SeedNode } from './nodes.ts';
import type { Workload } from './pods.ts';
import { budget, daemonSet, deployment, service } from './workloads.ts';

const region = 'ap-northeast-1';

const workers = ['a', 'c', 'd'].map(
  (zone, index): SeedNode => ({
    region,
    name: `jp-${index + 1}`,
    zone: `${region}${zone}`,
    cpu: '8',
    memory: '32Gi',
    instanceType: 'm7i.2xlarge',
    address: `10.30.${index + 1}.11`,
    labels: {
      'karpenter.sh/nodepool': 'default',
      'karpenter.sh/registered': 'true',
      'karpenter.sh/initialized': 'true',
    },
    finalizers: ['karpenter.sh/termination'],
  }),
);

function workload(path: string, size: string, on: readonly string[]): Workload {
  const [namespace = '', name = '', team = '', release = ''] = path.split(' ');
  const [cpu = '', memory = '', port = '8080'] = size.split(' ');
  const image = `registry.example.com/${namespace}/${name}:${release}`;
  return { region, namespace, name, team, release, image, cpu, memory, on, port: Number(port) };
}

const ingestor = workload('ingest ingestor ingest 2026.11.3', '500m 512Mi', [
  ...['jp-1', 'jp-2', 'jp-3'],
]);
const incidents = workload('incidents incident-svc response 2026.11.2', '250m 256Mi', [
  ...['jp-1', 'jp-2'],
]);
const consoleUi = workload('console console console 2026.11.1', '200m 256Mi 3000', [
  ...['jp-2', 'jp-3'],
]);
const logAgent = workload('kube-system log-agent platform 3.1.0', '50m 128Mi', [
  ...['jp-1', 'jp-2', 'jp-3'],
]);

/** The cluster `jp`: three nodes that Karpenter keeps. */
export function japanSeed(): Manifest[] {
  const deployments = [ingestor, incidents, consoleUi];
  return [
    {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'handrail', labels: { region } },
      status: { phase: 'Active' },
    },
    ...workers.map(node),
    ...karpenter({ region, pool: 'default', prefix: 'jp', nodes: workers }),
    ...deployments.flatMap(deployment),
    ...deployments.map(service),
    ...daemonSet(logAgent),
    budget(incidents, { maxUnavailable: 1 }),
  ];
}
