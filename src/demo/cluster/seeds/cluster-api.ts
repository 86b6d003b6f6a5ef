import type { Manifest } from '../model/objects.ts';
import { manifest, ownerOf } from './manifests.ts';
import type { SeedNode } from './nodes.ts';

const apiVersion = 'cluster.x-k8s.io/v1beta2';
const namespace = 'capi-system';
const pool = 'workers';

export interface MachineFleet {
  readonly region: string;
  readonly cluster: string;
  readonly workers: readonly SeedNode[];
  readonly controlPlane: readonly SeedNode[];
  /** How the workers are spread: `ap-northeast-2a=2,ap-northeast-2b=3`. */
  readonly zones: string;
}

export function machineNameOf(node: SeedNode): string {
  return `${node.name}-x7k`;
}

/** What Cluster API writes on the node of a worker's Machine. */
export function workerAnnotations(cluster: string, machine: string): Record<string, string> {
  return {
    'cluster.x-k8s.io/cluster-name': cluster,
    'cluster.x-k8s.io/cluster-namespace': namespace,
    'cluster.x-k8s.io/machine': machine,
    'cluster.x-k8s.io/owner-kind': 'MachineSet',
    'cluster.x-k8s.io/owner-name': `${pool}-c9x5d`,
  };
}

function specOf(fleet: MachineFleet, zone?: string): Record<string, unknown> {
  return {
    clusterName: fleet.cluster,
    version: 'v1.33.4',
    bootstrap: { dataSecretName: `${fleet.cluster}-bootstrap` },
    infrastructureRef: {
      apiGroup: 'infrastructure.cluster.x-k8s.io',
      kind: 'SimulatedMachine',
      name: fleet.cluster,
    },
    ...(zone === undefined ? {} : { failureDomain: zone }),
  };
}

function machine(fleet: MachineFleet, seed: SeedNode, owner: Manifest): Manifest {
  const { region, cluster } = fleet;
  const worker = owner.kind === 'MachineSet';
  const role: Record<string, string> = worker
    ? {
        'cluster.x-k8s.io/deployment-name': pool,
        'cluster.x-k8s.io/set-name': owner.metadata.name ?? '',
      }
    : { 'cluster.x-k8s.io/control-plane': '' };
  return {
    ...manifest({
      region,
      namespace,
      apiVersion,
      kind: 'Machine',
      name: machineNameOf(seed),
      labels: { 'cluster.x-k8s.io/cluster-name': cluster, ...role },
      annotations: { 'simulation/node-name': seed.name },
      finalizers: ['machine.cluster.x-k8s.io'],
      owner: ownerOf(owner),
    }),
    spec: { ...specOf(fleet, seed.zone), providerID: `simulated:///${seed.zone}/${seed.name}` },
    status: {
      phase: 'Running',
      nodeRef: { name: seed.name },
      conditions: [{ type: 'Ready', status: 'True', reason: 'Ready', message: '' }],
    },
  };
}

/** The Cluster, its MachineDeployment `workers` with MachineSet and Machines, and the control plane's Machines. */
export function clusterApi(fleet: MachineFleet): Manifest[] {
  const { region, cluster, workers } = fleet;
  const base = { region, namespace, apiVersion };
  const clusterLabel = { 'cluster.x-k8s.io/cluster-name': cluster };
  const labels = { ...clusterLabel, 'cluster.x-k8s.io/deployment-name': pool };
  const annotations = { 'simulation/node-prefix': cluster, 'simulation/zones': fleet.zones };
  const top = manifest({ ...base, kind: 'MachineDeployment', name: pool, labels, annotations });
  const owner = ownerOf(top);
  const name = `${pool}-c9x5d`;
  const set = manifest({ ...base, kind: 'MachineSet', name, labels, annotations, owner });
  const spec = {
    clusterName: cluster,
    replicas: workers.length,
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec: specOf(fleet) },
  };
  const controlPlane: Manifest = {
    ...manifest({
      ...base,
      apiVersion: 'controlplane.cluster.x-k8s.io/v1beta2',
      kind: 'KubeadmControlPlane',
      name: `${cluster}-control-plane`,
    }),
  };
  const provisioned = [{ type: 'Available', status: 'True', reason: 'Available', message: '' }];
  return [
    {
      ...manifest({ ...base, kind: 'Cluster', name: cluster, labels: clusterLabel }),
      spec: { clusterNetwork: { pods: { cidrBlocks: ['10.244.0.0/16'] } } },
      status: { phase: 'Provisioned', conditions: provisioned },
    },
    { ...top, spec },
    { ...set, spec: structuredClone(spec) },
    ...workers.map((seed) => machine(fleet, seed, { ...set, spec })),
    ...fleet.controlPlane.map((seed) => machine(fleet, seed, controlPlane)),
  ];
}
