import type { z } from 'zod';
import * as access from './access-schemas.ts';
import { VerticalPodAutoscalerSchema } from './autoscaler-schemas.ts';
import { InfrastructureStateSchema } from './infrastructure-schemas.ts';
import * as kubelets from './kubelet-schemas.ts';
import * as machines from './machine-schemas.ts';
import type { KubeObject } from './objects.ts';
import * as policy from './policy-schemas.ts';
import { PriorityClassSchema } from './priority-schemas.ts';
import * as schemas from './schemas.ts';
import * as volumes from './volume-schemas.ts';

/** One row of the table of what the API serves. */
export interface Kind<T extends KubeObject = KubeObject> {
  readonly kind: string;
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly namespaced: boolean;
  readonly shortNames: readonly string[];
  /** `metadata.generation` counts changes of the spec. */
  readonly generation: boolean;
  /** Status is written through its own subresource. */
  readonly status: boolean;
  /** `kubectl scale` works on it. */
  readonly scale: boolean;
  /** PUT is accepted without a resourceVersion. */
  readonly unconditionalUpdate: boolean;
  /** Defined by a CustomResourceDefinition, and served only where that exists. */
  readonly custom: boolean;
  readonly schema: z.ZodType<T>;
}

type Traits = 'generation' | 'status' | 'scale' | 'custom' | 'cluster' | 'guarded';

function kind<T extends KubeObject>(
  path: string,
  schema: z.ZodType<T>,
  traits: readonly Traits[],
): Kind<T> {
  const [apiVersion = '', names = ''] = path.split(' ');
  const [kindName = '', plural = '', ...shortNames] = names.split(',');
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
  return {
    kind: kindName,
    group: group ?? '',
    version: version ?? '',
    plural,
    namespaced: !traits.includes('cluster'),
    shortNames,
    generation: traits.includes('generation') || traits.includes('custom'),
    status: traits.includes('status'),
    scale: traits.includes('scale'),
    unconditionalUpdate: !(traits.includes('custom') || traits.includes('guarded')),
    custom: traits.includes('custom'),
    schema,
  };
}

const any: z.ZodType<KubeObject> = schemas.AnyObjectSchema;
const workload = ['generation', 'status', 'scale'] as const;

export const Pod = kind('v1 Pod,pods,po', schemas.PodSchema, ['generation', 'status']);
export const Node = kind('v1 Node,nodes,no', schemas.NodeSchema, ['cluster', 'status']);
export const Namespace = kind('v1 Namespace,namespaces,ns', any, ['cluster', 'status']);
export const Service = kind('v1 Service,services,svc', schemas.ServiceSchema, ['status']);
export const EventKind = kind('v1 Event,events,ev', any, []);
export const Deployment = kind(
  'apps/v1 Deployment,deployments,deploy',
  schemas.DeploymentSchema,
  workload,
);
export const ReplicaSet = kind(
  'apps/v1 ReplicaSet,replicasets,rs',
  schemas.ReplicaSetSchema,
  workload,
);
export const StatefulSet = kind(
  'apps/v1 StatefulSet,statefulsets,sts',
  schemas.StatefulSetSchema,
  workload,
);
export const DaemonSet = kind('apps/v1 DaemonSet,daemonsets,ds', schemas.DaemonSetSchema, [
  'generation',
  'status',
]);
export const Job = kind('batch/v1 Job,jobs', schemas.JobSchema, ['generation', 'status']);
export const Budget = kind(
  'policy/v1 PodDisruptionBudget,poddisruptionbudgets,pdb',
  schemas.BudgetSchema,
  ['generation', 'status', 'guarded'],
);
export const EndpointSlice = kind('discovery.k8s.io/v1 EndpointSlice,endpointslices', any, [
  'generation',
]);
export const Lease = kind('coordination.k8s.io/v1 Lease,leases', schemas.LeaseSchema, ['guarded']);
export const Crd = kind(
  'apiextensions.k8s.io/v1 CustomResourceDefinition,customresourcedefinitions,crd,crds',
  any,
  ['cluster', 'generation', 'status', 'guarded'],
);
export const Machine = kind(
  'cluster.x-k8s.io/v1beta2 Machine,machines,ma',
  machines.MachineSchema,
  ['custom', 'status'],
);
export const MachineSet = kind(
  'cluster.x-k8s.io/v1beta2 MachineSet,machinesets,ms',
  machines.MachineSetSchema,
  ['custom', 'status', 'scale'],
);
export const MachineDeployment = kind(
  'cluster.x-k8s.io/v1beta2 MachineDeployment,machinedeployments,md',
  machines.MachineSetSchema,
  ['custom', 'status', 'scale'],
);
export const MachineHealthCheck = kind(
  'cluster.x-k8s.io/v1beta2 MachineHealthCheck,machinehealthchecks,mhc,mhcs',
  machines.MachineHealthCheckSchema,
  ['custom', 'status'],
);
export const NodePool = kind('karpenter.sh/v1 NodePool,nodepools', machines.NodePoolSchema, [
  'custom',
  'status',
  'cluster',
]);
export const NodeClaim = kind('karpenter.sh/v1 NodeClaim,nodeclaims', machines.NodeClaimSchema, [
  'custom',
  'status',
  'cluster',
]);

export const VolumeClaim = kind(
  'v1 PersistentVolumeClaim,persistentvolumeclaims,pvc',
  volumes.VolumeClaimSchema,
  ['status'],
);
export const Volume = kind('v1 PersistentVolume,persistentvolumes,pv', volumes.VolumeSchema, [
  'cluster',
  'status',
]);
export const PriorityClass = kind(
  'scheduling.k8s.io/v1 PriorityClass,priorityclasses,pc',
  PriorityClassSchema,
  ['cluster', 'generation'],
);

export const ResourceQuota = kind('v1 ResourceQuota,resourcequotas,quota', policy.QuotaSchema, [
  'status',
]);
export const LimitRange = kind('v1 LimitRange,limitranges,limits', policy.LimitRangeSchema, []);
export const ServiceAccount = kind('v1 ServiceAccount,serviceaccounts,sa', any, []);
const rbac = 'rbac.authorization.k8s.io/v1';
export const Role = kind(`${rbac} Role,roles`, access.RoleSchema, []);
export const RoleBinding = kind(`${rbac} RoleBinding,rolebindings`, access.BindingSchema, []);
export const ClusterRole = kind(`${rbac} ClusterRole,clusterroles`, access.RoleSchema, ['cluster']);
export const ClusterRoleBinding = kind(
  `${rbac} ClusterRoleBinding,clusterrolebindings`,
  access.BindingSchema,
  ['cluster'],
);

// What the simulation keeps for itself: not in the table, so never served.
export const KubeletState = kind('simulation/v1 KubeletState', kubelets.KubeletStateSchema, [
  'cluster',
]);
export const ImageSource = kind('simulation/v1 ImageSource', kubelets.ImageSourceSchema, [
  'cluster',
]);
export const ImageCache = kind('simulation/v1 ImageCache', kubelets.ImageCacheSchema, ['cluster']);
export const InfrastructureState = kind(
  'simulation/v1 InfrastructureState',
  InfrastructureStateSchema,
  ['cluster'],
);

export const kinds: readonly Kind[] = [
  Pod,
  Node,
  Namespace,
  Service,
  EventKind,
  kind('v1 ConfigMap,configmaps,cm', any, []),
  VolumeClaim,
  Volume,
  PriorityClass,
  ResourceQuota,
  LimitRange,
  ServiceAccount,
  Role,
  RoleBinding,
  ClusterRole,
  ClusterRoleBinding,
  Deployment,
  ReplicaSet,
  StatefulSet,
  DaemonSet,
  Job,
  Budget,
  EndpointSlice,
  Lease,
  kind('storage.k8s.io/v1 VolumeAttachment,volumeattachments', any, ['cluster', 'status']),
  Crd,
  kind('cluster.x-k8s.io/v1beta2 Cluster,clusters,cl', any, ['custom', 'status']),
  MachineDeployment,
  MachineSet,
  Machine,
  MachineHealthCheck,
  NodePool,
  NodeClaim,
  kind(
    'autoscaling.k8s.io/v1 VerticalPodAutoscaler,verticalpodautoscalers,vpa',
    VerticalPodAutoscalerSchema,
    ['custom', 'status'],
  ),
];

const byKind = new Map(kinds.map((each) => [each.kind, each]));

/** @throws Error where the simulation does not know the kind: a mistake in a seed or a test */
export function kindNamed(name: string): Kind {
  const found = byKind.get(name);
  if (found === undefined) {
    throw new Error(`kind ${name} is not simulated; add it to the table in kinds.ts`);
  }
  return found;
}

export function apiVersionOf(of: Kind): string {
  return of.group === '' ? of.version : `${of.group}/${of.version}`;
}

/** `pods`, `deployments.apps`: as errors name a resource. */
export function resourceName(of: Kind): string {
  return of.group === '' ? of.plural : `${of.plural}.${of.group}`;
}

export function crdName(of: Kind): string {
  return `${of.plural}.${of.group}`;
}
