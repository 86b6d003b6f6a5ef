import type { Manifest } from '../../src/demo/cluster/model/objects.ts';

type Extra = Readonly<Record<string, unknown>>;

export function node(name: string, extra: { metadata?: Extra; spec?: Extra } = {}): Manifest {
  const allocatable = { cpu: '4', memory: '16Gi', pods: '110' };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, ...extra.metadata },
    spec: { ...extra.spec },
    status: {
      allocatable,
      capacity: allocatable,
      conditions: [{ type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'ok' }],
    },
  };
}

interface Keeper {
  readonly replicas?: number;
  readonly pod?: Extra;
  readonly spec?: Extra;
  readonly template?: { readonly labels?: Extra; readonly annotations?: Extra };
}

function template(name: string, { pod, template: marks }: Keeper) {
  return {
    metadata: { labels: { app: name, ...marks?.labels }, annotations: { ...marks?.annotations } },
    spec: { containers: [{ name: 'main', image: `registry.example/${name}:1` }], ...pod },
  };
}

function keeper(kind: string, name: string, keeps: Keeper): Manifest {
  return {
    apiVersion: 'apps/v1',
    kind,
    metadata: { name, namespace: 'web' },
    spec: {
      replicas: keeps.replicas ?? 1,
      selector: { matchLabels: { app: name } },
      template: template(name, keeps),
      ...keeps.spec,
    },
  };
}

export function deployment(name: string, keeps: Keeper = {}): Manifest {
  return keeper('Deployment', name, keeps);
}

export function statefulSet(name: string, keeps: Keeper = {}): Manifest {
  return keeper('StatefulSet', name, keeps);
}

export function daemonSet(name: string): Manifest {
  const { apiVersion, kind, metadata, spec } = keeper('DaemonSet', name, {});
  const { replicas: _, ...rest } = spec as { replicas: number };
  return { apiVersion, kind, metadata, spec: rest };
}

export function barePod(name: string, on: string, extra: { metadata?: Extra; spec?: Extra } = {}) {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'web', ...extra.metadata },
    spec: {
      nodeName: on,
      containers: [{ name: 'main', image: 'registry.example/tool:1' }],
      ...extra.spec,
    },
  };
}

export function budget(name: string, spec: Extra, app = name): Manifest {
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name, namespace: 'web' },
    spec: { selector: { matchLabels: { app } }, ...spec },
  };
}

export function service(name: string, app = name): Manifest {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: 'web' },
    spec: { selector: { app }, ports: [{ port: 80 }] },
  };
}

/** A claim `data` that is bound to the volume `pv-1`. */
export function claim(accessModes: readonly string[] = ['ReadWriteOnce']): Manifest {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'data', namespace: 'web' },
    spec: { accessModes, volumeName: 'pv-1' },
    status: { phase: 'Bound' },
  };
}

/** The volume `pv-1`, of a CSI driver unless its source says otherwise. */
export function volume(
  source: Extra = { csi: { driver: 'csi.example', volumeHandle: 'v-1' } },
  accessModes: readonly string[] = ['ReadWriteOnce'],
): Manifest {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: 'pv-1' },
    spec: { capacity: { storage: '1Gi' }, accessModes, ...source },
    status: { phase: 'Bound' },
  };
}

/** `pv-1` on a node. */
export function attachment(name: string, nodeName: string): Manifest {
  return {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'VolumeAttachment',
    metadata: { name },
    spec: { attacher: 'csi.example', nodeName, source: { persistentVolumeName: 'pv-1' } },
    status: { attached: true },
  };
}
