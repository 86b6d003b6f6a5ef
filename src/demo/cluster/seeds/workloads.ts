import { daemonTolerations } from '../controllers/daemon-sets.ts';
import { bareTemplate, shortHash } from '../model/hash.ts';
import type { Manifest } from '../model/objects.ts';
import type { PodTemplate } from '../model/schemas.ts';
import { withDefaults } from '../registry/defaults.ts';
import { manifest, ownerOf } from './manifests.ts';
import { labelsOf, pod, templateOf, type Workload } from './pods.ts';

/** A Deployment with its ReplicaSet and its pods where they have been placed. */
export function deployment(workload: Workload): Manifest[] {
  const { region, namespace, name, on } = workload;
  const template = templateOf(workload);
  const hash = shortHash(bareTemplate(template), 9);
  const labels = labelsOf(workload);
  const selector = { app: name };
  const revision = { 'deployment.kubernetes.io/revision': '1' };
  const base = { region, namespace, apiVersion: 'apps/v1', labels, annotations: revision };
  const top = manifest({ ...base, kind: 'Deployment', name });
  const set = manifest({
    ...base,
    kind: 'ReplicaSet',
    name: `${name}-${hash}`,
    labels: { ...labels, 'pod-template-hash': hash },
    owner: ownerOf(top),
  });
  const hashed = { 'pod-template-hash': hash };
  const setTemplate = { ...template, metadata: { labels: { ...labels, ...hashed } } };
  return [
    { ...top, spec: { replicas: on.length, selector: { matchLabels: selector }, template } },
    {
      ...set,
      spec: {
        replicas: on.length,
        selector: { matchLabels: { ...selector, ...hashed } },
        template: setTemplate,
      },
    },
    ...on.map((node, index) => {
      const slow = workload.lastStarts !== undefined && index === on.length - 1;
      return pod({
        workload,
        name: `${name}-${hash}-${shortHash([name, index], 5)}`,
        node,
        template: setTemplate,
        owner: ownerOf(set),
        state: slow ? 'starting' : 'running',
        ...(slow
          ? { annotations: { 'simulation/start-factor': String(workload.lastStarts) } }
          : {}),
      });
    }),
  ];
}

export function statefulSet(workload: Workload): Manifest[] {
  const { region, namespace, name, on } = workload;
  const labels = labelsOf(workload);
  const template = templateOf(workload);
  const set = withDefaults({
    ...manifest({ region, namespace, apiVersion: 'apps/v1', kind: 'StatefulSet', name, labels }),
    spec: {
      replicas: on.length,
      serviceName: name,
      selector: { matchLabels: { app: name } },
      template,
    },
  });
  const { template: whole } = set.spec as { template: PodTemplate };
  const pods = on.map((node, index) =>
    pod({
      workload,
      name: `${name}-${index}`,
      node,
      template,
      owner: ownerOf(set),
      labels: {
        'apps.kubernetes.io/pod-index': String(index),
        'controller-revision-hash': `${name}-${shortHash(bareTemplate(whole))}`,
        'statefulset.kubernetes.io/pod-name': `${name}-${index}`,
      },
    }),
  );
  return [set, ...pods];
}

/** A DaemonSet, with a pod on each of the named nodes. */
export function daemonSet(workload: Workload): Manifest[] {
  const { region, namespace, name, on } = workload;
  const labels = labelsOf(workload);
  const plain = templateOf(workload);
  // Like most agents it also runs where a NoSchedule taint keeps others away, as on the control plane.
  const tolerations = [{ operator: 'Exists', effect: 'NoSchedule' }];
  const template = { ...plain, spec: { ...plain.spec, tolerations } };
  const set = {
    ...manifest({ region, namespace, apiVersion: 'apps/v1', kind: 'DaemonSet', name, labels }),
    spec: { selector: { matchLabels: { app: name } }, template },
  };
  const onNode = {
    ...template,
    spec: { ...template.spec, tolerations: daemonTolerations(template.spec) },
  };
  const pods = on.map((node) =>
    pod({
      workload,
      name: `${name}-${shortHash([name, node], 5)}`,
      node,
      template: onNode,
      owner: ownerOf(set),
    }),
  );
  return [set, ...pods];
}

export function service(workload: Workload): Manifest {
  const { region, namespace, name } = workload;
  const port = workload.port ?? 80;
  return {
    ...manifest({
      region,
      namespace,
      apiVersion: 'v1',
      kind: 'Service',
      name,
      labels: labelsOf(workload),
    }),
    spec: {
      selector: { app: name },
      ports: [{ name: 'http', port: 80, targetPort: port, protocol: 'TCP' }],
    },
    status: { loadBalancer: {} },
  };
}

export function budget(workload: Workload, rule: Record<string, unknown>): Manifest {
  const { region, namespace, name } = workload;
  return {
    ...manifest({ region, namespace, apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', name }),
    spec: { ...rule, selector: { matchLabels: { app: name } } },
  };
}
