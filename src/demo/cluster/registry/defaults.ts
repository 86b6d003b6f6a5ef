import { withLimitDefaults } from '../admission/limit-ranges.ts';
import type { Manifest } from '../model/objects.ts';
import type { LimitRange } from '../model/policy-schemas.ts';
import type { Deployment, Job, Pod, PodTemplate } from '../model/schemas.ts';
import { admitPod, withPodSpecDefaults } from './pod-defaults.ts';

type Defaulting = (object: Manifest) => Manifest;

function withTemplate(template: PodTemplate): PodTemplate {
  return {
    ...template,
    metadata: { creationTimestamp: null, ...template.metadata },
    spec: withPodSpecDefaults(template.spec),
  };
}

function workload(defaults: Record<string, unknown>): Defaulting {
  return (object) => {
    const { spec } = object as unknown as Deployment;
    return { ...object, spec: { ...defaults, ...spec, template: withTemplate(spec.template) } };
  };
}

/** The Job controller's labels and selector, which tie pods to this Job alone. */
const job: Defaulting = (object) => {
  const { metadata, spec } = object as unknown as Job;
  const uid = metadata.uid;
  const labels = {
    ...spec.template.metadata?.labels,
    'batch.kubernetes.io/controller-uid': uid,
    'batch.kubernetes.io/job-name': metadata.name,
    'controller-uid': uid,
    'job-name': metadata.name,
  };
  const template = { ...spec.template, metadata: { ...spec.template.metadata, labels } };
  return {
    ...object,
    metadata: { ...metadata, labels: metadata.labels ?? labels },
    spec: {
      parallelism: 1,
      completions: 1,
      backoffLimit: 6,
      selector: { matchLabels: { 'batch.kubernetes.io/controller-uid': uid } },
      manualSelector: false,
      completionMode: 'NonIndexed',
      suspend: false,
      podReplacementPolicy: 'TerminatingOrFailed',
      ...spec,
      template: withTemplate(template),
    },
  };
};

const rollingUpdate = {
  type: 'RollingUpdate',
  rollingUpdate: { maxUnavailable: '25%', maxSurge: '25%' },
};

function deployment(object: Manifest): Manifest {
  const defaults = { replicas: 1, revisionHistoryLimit: 10, progressDeadlineSeconds: 600 };
  const whole = workload(defaults)(object) as unknown as Deployment;
  const strategy = whole.spec.strategy ?? {};
  const recreate = strategy.type === 'Recreate';
  return {
    ...whole,
    spec: {
      ...whole.spec,
      strategy: recreate
        ? strategy
        : {
            type: strategy.type ?? 'RollingUpdate',
            rollingUpdate: { ...rollingUpdate.rollingUpdate, ...strategy.rollingUpdate },
          },
    },
  };
}

function namespace(object: Manifest): Manifest {
  const labels = { ...object.metadata.labels, 'kubernetes.io/metadata.name': object.metadata.name };
  return {
    ...object,
    metadata: { ...object.metadata, labels: labels as Record<string, string> },
    spec: { finalizers: ['kubernetes'] },
  };
}

/** A limit without a request is a request too. */
function pod(object: Manifest): Manifest {
  const { spec } = object as unknown as Pod;
  const containers = spec.containers.map((container) => {
    const { limits, requests } = container.resources ?? {};
    if (limits === undefined) return container;
    return {
      ...container,
      resources: { ...container.resources, requests: { ...limits, ...requests } },
    };
  });
  return { ...object, spec: { ...spec, containers } };
}

function limitRange(object: Manifest): Manifest {
  const { spec } = object as unknown as LimitRange;
  return { ...object, spec: { ...spec, limits: spec.limits.map(withLimitDefaults) } };
}

const byKind: Readonly<Record<string, Defaulting>> = {
  Deployment: deployment,
  ReplicaSet: workload({ replicas: 1 }),
  StatefulSet: workload({
    replicas: 1,
    podManagementPolicy: 'OrderedReady',
    updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
    revisionHistoryLimit: 10,
  }),
  DaemonSet: workload({
    updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } },
    revisionHistoryLimit: 10,
  }),
  Job: job,
  Namespace: namespace,
  Pod: pod,
  LimitRange: limitRange,
};

/** Fills in what the API server fills in when an object is written. The object has passed its schema. */
export function withDefaults(object: Manifest): Manifest {
  return byKind[object.kind]?.(object) ?? object;
}

const firstStatus: Readonly<Record<string, unknown>> = {
  Deployment: {},
  Job: {},
  Namespace: { phase: 'Active' },
  PodDisruptionBudget: {
    disruptionsAllowed: 0,
    currentHealthy: 0,
    desiredHealthy: 0,
    expectedPods: 0,
  },
  ReplicaSet: { replicas: 0 },
  ResourceQuota: {},
  StatefulSet: { replicas: 0, availableReplicas: 0 },
  DaemonSet: {
    currentNumberScheduled: 0,
    numberMisscheduled: 0,
    desiredNumberScheduled: 0,
    numberReady: 0,
  },
  Service: { loadBalancer: {} },
};

/** What admission gives an object at its creation: a first status, and to a pod its tolerations and token. */
export function admit(object: Manifest): Manifest {
  if (object.kind === 'Pod') return admitPod(object as unknown as Pod) as unknown as Manifest;
  const status = firstStatus[object.kind];
  return status === undefined ? object : { ...object, status };
}
