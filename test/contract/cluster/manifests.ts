import type { Manifest } from '../../../src/demo/cluster/model/objects.ts';
import type { ClusterUnderTest } from './cluster-under-test.ts';

/** Runs until it is told to stop, and then takes a little longer, so that a terminating pod can be seen. */
const stayCommand = ['sh', '-c', 'trap "sleep 3; exit 0" TERM; while true; do sleep 0.2; done'];

/**
 * What a kubelet is told by commands and probes, which the simulated one has no processes for, it is told by
 * annotations. A pod carries both.
 */
const behaviours = {
  /** Ready 8 s after its start. */
  slowToBeReady: {
    annotations: { 'simulation/start-factor': '12' },
    container: { readinessProbe: { exec: { command: ['true'] }, initialDelaySeconds: 8 } },
  },
  neverReady: {
    annotations: { 'simulation/ready': 'false' },
    container: { readinessProbe: { exec: { command: ['false'] } } },
  },
  fails: {
    annotations: { 'simulation/exit-code': '1' },
    container: { command: ['sh', '-c', 'exit 1'] },
  },
  succeeds: { annotations: {}, container: { command: ['true'] } },
  /** A Job's pod that does not end by itself. */
  stays: {
    annotations: { 'simulation/run-factor': '100000' },
    container: { command: stayCommand },
  },
} as const;
type Behaviour = keyof typeof behaviours;

interface PodOptions {
  readonly behaviour?: Behaviour;
  /** The one node it may run on, whether cordoned or not. */
  readonly node?: string;
  readonly resources?: object;
  /** More fields of the pod's spec. */
  readonly spec?: object;
}

const small = { requests: { cpu: '10m', memory: '16Mi' }, limits: { memory: '32Mi' } };

/** The metadata's annotations and the spec of a pod. */
export function podTemplate(cluster: ClusterUnderTest, options: PodOptions = {}) {
  const { behaviour, node, resources = small, spec } = options;
  const { annotations = {}, container = {} } = behaviour === undefined ? {} : behaviours[behaviour];
  return {
    annotations: { 'simulation/stop-factor': '8', ...annotations },
    spec: {
      containers: [
        { name: 'main', image: cluster.image, command: stayCommand, resources, ...container },
      ],
      ...(node === undefined ? {} : { affinity: onlyOn(node) }),
      ...spec,
    },
  };
}

/** By name rather than by label: the label of a node may differ from its name. */
function onlyOn(node: string): object {
  const term = { matchFields: [{ key: 'metadata.name', operator: 'In', values: [node] }] };
  return {
    nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term] } },
  };
}

export function pod(cluster: ClusterUnderTest, name: string, options: PodOptions = {}) {
  const { annotations, spec } = podTemplate(cluster, options);
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, annotations, labels: { app: name } },
    spec,
  };
}

/** A Deployment or a StatefulSet of pods labelled `app: <name>`. */
export function workload(
  cluster: ClusterUnderTest,
  which: {
    readonly kind: 'Deployment' | 'StatefulSet';
    readonly name: string;
    readonly replicas: number;
  },
  options: PodOptions = {},
) {
  const { kind, name, replicas } = which;
  const { annotations, spec } = podTemplate(cluster, options);
  const labels = { app: name };
  return {
    apiVersion: 'apps/v1',
    kind,
    metadata: { name },
    spec: {
      replicas,
      ...(kind === 'StatefulSet' ? { serviceName: name } : {}),
      selector: { matchLabels: labels },
      template: { metadata: { labels, annotations }, spec },
    },
  };
}

export function job(
  cluster: ClusterUnderTest,
  name: string,
  options: PodOptions & { readonly job?: object } = {},
) {
  const { annotations, spec } = podTemplate(cluster, options);
  const template = { metadata: { annotations }, spec: { restartPolicy: 'Never', ...spec } };
  const metadata = { name };
  return { apiVersion: 'batch/v1', kind: 'Job', metadata, spec: { template, ...options.job } };
}

export function budget(name: string, rule: object, app = name) {
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name },
    spec: { ...rule, selector: { matchLabels: { app } } },
  };
}

export function simulatedNode(name: string): Manifest {
  const amounts = { cpu: '4', memory: '8Gi', pods: '110' };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { 'kubernetes.io/hostname': name } },
    status: { capacity: amounts, allocatable: amounts },
  };
}
