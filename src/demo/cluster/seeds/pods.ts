import { endedStatus, runningStatus } from '../kubelet/pod-status.ts';
import { type Manifest, type OwnerReference, timestamp } from '../model/objects.ts';
import type { Pod, PodTemplate } from '../model/schemas.ts';
import { admitPod } from '../registry/pod-defaults.ts';
import { manifest } from './manifests.ts';

export interface Workload {
  readonly region: string;
  readonly namespace: string;
  readonly name: string;
  readonly team: string;
  readonly release: string;
  readonly image: string;
  readonly cpu: string;
  readonly memory: string;
  /** The node of each replica, in order. */
  readonly on: readonly string[];
  readonly port?: number;
  /** Data on an emptyDir volume, lost with the pod. */
  readonly emptyDir?: boolean;
  /** The last replica is still starting, and takes so many times the usual time. */
  readonly lastStarts?: number;
}

export function labelsOf(workload: Workload): Record<string, string> {
  const { name, team, region, release } = workload;
  return { app: name, svc: name, team, region, release_id: release };
}

export function templateOf(workload: Workload): PodTemplate {
  const { cpu, memory, port } = workload;
  const volume = { name: 'scratch', emptyDir: {} };
  return {
    metadata: { labels: labelsOf(workload) },
    spec: {
      containers: [
        {
          name: workload.name,
          image: workload.image,
          ...(port === undefined ? {} : { ports: [{ containerPort: port, protocol: 'TCP' }] }),
          resources: { requests: { cpu, memory }, limits: { memory } },
          ...(workload.emptyDir
            ? { volumeMounts: [{ name: 'scratch', mountPath: '/var/scratch' }] }
            : {}),
        },
      ],
      ...(workload.emptyDir ? { volumes: [volume] } : {}),
    },
  };
}

const completed = { exitCode: 0, reason: 'Completed' } as const;

/** A pod that runs on its node since long, or is about to start there. */
export function pod(seed: {
  readonly workload: Workload;
  readonly name: string;
  readonly node: string;
  readonly template: PodTemplate;
  readonly owner?: OwnerReference;
  readonly labels?: Record<string, string>;
  readonly annotations?: Record<string, string>;
  readonly state?: 'running' | 'starting' | 'finished';
}): Manifest {
  const { workload, template, state = 'running' } = seed;
  const { region, namespace } = workload;
  const base = manifest({
    region,
    apiVersion: 'v1',
    kind: 'Pod',
    name: seed.name,
    namespace,
    ageDays: state === 'starting' ? 0 : 3,
    labels: { ...template.metadata?.labels, ...seed.labels },
    ...(seed.annotations === undefined ? {} : { annotations: seed.annotations }),
    ...(seed.owner === undefined ? {} : { owner: seed.owner }),
  });
  const spec = { ...structuredClone(template.spec), nodeName: seed.node };
  const admitted = admitPod({ ...base, spec } as unknown as Pod);
  if (state === 'starting') return admitted as unknown as Manifest;
  const moment = { hostIP: '10.0.0.1', at: timestamp(Date.now()) };
  const running = runningStatus(admitted, moment, true);
  const finished = () => endedStatus({ ...admitted, status: running }, completed, moment);
  const status = state === 'finished' ? finished() : running;
  return { ...(admitted as unknown as Manifest), status };
}
