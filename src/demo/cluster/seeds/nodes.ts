import type { Manifest } from '../model/objects.ts';
import { timestamp } from '../model/objects.ts';
import { manifest } from './manifests.ts';

export interface SeedNode {
  readonly region: string;
  readonly name: string;
  readonly zone: string;
  readonly cpu: string;
  readonly memory: string;
  readonly instanceType: string;
  readonly address: string;
  readonly labels?: Record<string, string>;
  readonly annotations?: Record<string, string>;
  readonly taints?: readonly { readonly key: string; readonly effect: string }[];
  readonly conditions?: readonly Record<string, unknown>[];
  readonly finalizers?: string[];
}

const healthy = [
  [
    'MemoryPressure',
    'False',
    'KubeletHasSufficientMemory',
    'kubelet has sufficient memory available',
  ],
  ['DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'],
  ['PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'],
  ['Ready', 'True', 'KubeletReady', 'kubelet is posting ready status'],
];

/** A node that has been Ready for days. */
export function node(seed: SeedNode): Manifest {
  const { region, name, zone, address } = seed;
  const amounts = {
    cpu: seed.cpu,
    memory: seed.memory,
    pods: '110',
    'ephemeral-storage': '200Gi',
  };
  const since = timestamp(Date.now() - 9 * 24 * 60 * 60 * 1000);
  const conditions = healthy.map(([type, status, reason, message]) => ({
    ...{ type, status, reason, message },
    lastHeartbeatTime: timestamp(Date.now()),
    lastTransitionTime: since,
  }));
  return {
    ...manifest({
      region,
      apiVersion: 'v1',
      kind: 'Node',
      name,
      labels: {
        'kubernetes.io/arch': 'amd64',
        'kubernetes.io/os': 'linux',
        'kubernetes.io/hostname': name,
        'node.kubernetes.io/instance-type': seed.instanceType,
        'topology.kubernetes.io/region': region,
        'topology.kubernetes.io/zone': zone,
        ...seed.labels,
      },
      annotations: { 'node.alpha.kubernetes.io/ttl': '0', ...seed.annotations },
      ...(seed.finalizers === undefined ? {} : { finalizers: seed.finalizers }),
    }),
    spec: {
      providerID: `simulated:///${zone}/${name}`,
      ...(seed.taints === undefined ? {} : { taints: seed.taints }),
    },
    status: {
      capacity: amounts,
      allocatable: amounts,
      conditions: [...(seed.conditions ?? []), ...conditions],
      addresses: [
        { type: 'InternalIP', address },
        { type: 'Hostname', address: name },
      ],
      nodeInfo: {
        machineID: name,
        systemUUID: name,
        bootID: name,
        kernelVersion: '6.8.0-45-generic',
        osImage: 'Ubuntu 24.04.2 LTS',
        containerRuntimeVersion: 'containerd://2.0.5',
        kubeletVersion: 'v1.33.4',
        kubeProxyVersion: '',
        operatingSystem: 'linux',
        architecture: 'amd64',
      },
    },
  };
}
