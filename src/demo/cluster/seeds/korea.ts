import { type Manifest, timestamp } from '../model/objects.ts';
import { clusterApi, machineNameOf, workerAnnotations } from './cluster-api.ts';
import { uidOf } from './manifests.ts';
import { flappingEvents } from './node-events.ts';
import { node, type SeedNode } from './nodes.ts';
import type { Workload } from './pods.ts';
import { barePod, finishedJob, mirrorPod } from './single-pods.ts';
import { budget, daemonSet, deployment, service, statefulSet } from './workloads.ts';

const region = 'ap-northeast-2';

function worker(name: string, address: string, more: Partial<SeedNode> = {}): SeedNode {
  const seed = {
    region,
    name,
    zone: `${region}${name.split('-')[1]}`,
    cpu: '8',
    memory: '32Gi',
    instanceType: 'm6i.2xlarge',
    address,
    labels: { pool: 'workers', 'node-role.kubernetes.io/worker': '' },
    ...more,
  };
  return { ...seed, annotations: workerAnnotations('kr', machineNameOf(seed)) };
}

/** What its node-problem-detector says of the node that flaps. */
const unstable = [
  {
    type: 'FrequentKubeletRestart',
    status: 'True',
    reason: 'FrequentKubeletRestart',
    message: 'kubelet restarted 6 times within 20 minutes',
    lastTransitionTime: timestamp(Date.now() - 8 * 60 * 1000),
  },
  {
    type: 'KernelDeadlock',
    status: 'True',
    reason: 'DockerHung',
    message: 'task containerd-shim:18231 blocked for more than 120 seconds',
    lastTransitionTime: timestamp(Date.now() - 6 * 60 * 1000),
  },
];

const workers = [
  worker('kr-a-1', '10.20.1.11'),
  worker('kr-a-2', '10.20.1.12'),
  worker('kr-b-1', '10.20.2.11'),
  worker('kr-b-2', '10.20.2.12', { conditions: unstable }),
  worker('kr-b-3', '10.20.2.13'),
];

const controlPlane: SeedNode = {
  region,
  name: 'kr-cp-1',
  zone: `${region}a`,
  cpu: '4',
  memory: '16Gi',
  instanceType: 'm6i.xlarge',
  address: '10.20.1.10',
  labels: { 'node-role.kubernetes.io/control-plane': '' },
  annotations: {
    'cluster.x-k8s.io/cluster-name': 'kr',
    'cluster.x-k8s.io/cluster-namespace': 'capi-system',
    'cluster.x-k8s.io/machine': 'kr-cp-1-x7k',
    'cluster.x-k8s.io/owner-kind': 'KubeadmControlPlane',
    'cluster.x-k8s.io/owner-name': 'kr-control-plane',
  },
  taints: [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }],
};

const everyNode = [controlPlane, ...workers].map((seed) => seed.name);

function workload(path: string, size: string, on: readonly string[]): Workload {
  const [namespace = '', name = '', team = '', release = ''] = path.split(' ');
  const [cpu = '', memory = '', port = ''] = size.split(' ');
  const image = `registry.example.com/${namespace}/${name}:${release}`;
  const base = { region, namespace, name, team, release, image, cpu, memory, on };
  return port === '' ? base : { ...base, port: Number(port) };
}

const ingestor = workload('ingest ingestor ingest 2026.11.3', '500m 512Mi 8080', [
  ...['kr-a-1', 'kr-a-2', 'kr-b-1'],
  ...['kr-b-2', 'kr-b-2', 'kr-b-2'],
]);
const incidents = workload('incidents incident-svc response 2026.11.2', '250m 256Mi 8080', [
  ...['kr-a-1', 'kr-b-2', 'kr-b-2', 'kr-b-3'],
]);
const consoleUi = workload('console console console 2026.11.1', '200m 256Mi 3000', [
  ...['kr-a-2', 'kr-b-2', 'kr-b-2'],
]);
/** Two are ready, and both stand on the node that flaps; the third takes its time. */
const payments: Workload = {
  ...workload('payments api payments 2026.11.4', '500m 512Mi 8443', ['kr-b-2', 'kr-b-2', 'kr-a-1']),
  lastStarts: 10,
};
const cache = workload('data cache platform 7.2.5', '500m 2Gi 6379', [
  'kr-a-2',
  'kr-b-2',
  'kr-b-3',
]);
const ledger = workload('legacy ledger payments 2019.4.0', '500m 1Gi 8080', ['kr-a-2', 'kr-b-3']);
const indexer: Workload = {
  ...workload('search indexer search 2026.10.9', '1 2Gi 9200', ['kr-b-1']),
  emptyDir: true,
};
const debugShell = workload('ops debug-shell platform 1.0.0', '100m 128Mi', ['kr-b-1']);
/** One pod, and a budget that needs it: never to be evicted, and moved all the same. */
const invoicer = workload('billing invoicer billing 2026.11.2', '250m 256Mi 8080', ['kr-a-1']);
const report = workload('data nightly-report data 2026.11.1', '250m 256Mi', ['kr-b-2']);
const proxy = workload('kube-system kube-proxy platform v1.33.4', '50m 64Mi', ['kr-b-2']);
const dns = workload('kube-system coredns platform v1.12.1', '100m 128Mi 53', ['kr-a-1', 'kr-b-3']);
const logAgent = workload('kube-system log-agent platform 3.1.0', '50m 128Mi', everyNode);
const network = workload('kube-system cni platform 1.17.2', '50m 128Mi', everyNode);

/** The cluster `kr`: five workers of Cluster API in two zones, one of which flaps and carries fourteen pods. */
export function koreaSeed(): Manifest[] {
  const nodes = [controlPlane, ...workers].map(node);
  const flapping = nodes.filter((each) => each.metadata.name === 'kr-b-2');
  const namespace = (name: string) => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels: { region } },
    status: { phase: 'Active' },
  });
  return [
    namespace('handrail'),
    ...nodes,
    ...flapping.flatMap((each) => flappingEvents(region, each)),
    ...clusterApi({
      region,
      cluster: 'kr',
      workers,
      controlPlane: [controlPlane],
      zones: `${region}a=2,${region}b=3`,
    }),
    ...[ingestor, incidents, consoleUi, payments, ledger, indexer, invoicer, dns].flatMap(
      deployment,
    ),
    ...[ingestor, incidents, consoleUi, payments, ledger, indexer, invoicer, dns, cache].map(
      service,
    ),
    ...statefulSet(cache),
    ...[logAgent, network].flatMap(daemonSet),
    ...finishedJob(report),
    ...barePod(debugShell),
    ...mirrorPod(proxy, uidOf(region, 'Node', '', 'kr-b-2')),
    budget(payments, { minAvailable: 2 }),
    budget(ledger, { maxUnavailable: 0 }),
    budget(invoicer, { minAvailable: 1 }),
    budget(dns, { maxUnavailable: 1 }),
  ];
}
