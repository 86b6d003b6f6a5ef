import { z } from 'zod';
import { ContainerStatusSchema } from './container-schemas.ts';
import { CachedImageSchema } from './kubelet-schemas.ts';
import { MetadataSchema } from './objects.ts';
import * as scheduling from './scheduling-schemas.ts';
import * as security from './security-schemas.ts';

const strings = z.record(z.string(), z.string());
const quantity = z.union([z.string(), z.number()]);
const quantities = z.record(z.string(), quantity);
const ConditionSchema = z.looseObject({
  type: z.string(),
  status: z.string(),
  reason: z.string().optional(),
  message: z.string().optional(),
  lastTransitionTime: z.string().optional(),
});
const conditions = z.array(ConditionSchema).optional();

const TaintSchema = z.looseObject({
  key: z.string(),
  value: z.string().optional(),
  effect: z.string(),
  timeAdded: z.string().optional(),
});
export type Taint = z.infer<typeof TaintSchema>;

const TolerationSchema = z.looseObject({
  key: z.string().optional(),
  operator: z.string().optional(),
  value: z.string().optional(),
  effect: z.string().optional(),
  tolerationSeconds: z.number().optional(),
});
export type Toleration = z.infer<typeof TolerationSchema>;

const ContainerSchema = z.looseObject({
  name: z.string().min(1),
  image: z.string(),
  resources: z
    .looseObject({ requests: quantities.optional(), limits: quantities.optional() })
    .optional(),
  securityContext: security.ContainerSecuritySchema.optional(),
  ports: z.array(security.ContainerPortSchema).optional(),
});
export type Container = z.infer<typeof ContainerSchema>;

const PodSpecSchema = z.looseObject({
  nodeName: z.string().optional(),
  containers: z.array(ContainerSchema).min(1),
  initContainers: z.array(ContainerSchema).optional(),
  volumes: z.array(security.VolumeSchema).optional(),
  securityContext: security.PodSecuritySchema.optional(),
  nodeSelector: strings.optional(),
  tolerations: z.array(TolerationSchema).optional(),
  terminationGracePeriodSeconds: z.number().optional(),
  restartPolicy: z.string().optional(),
  affinity: scheduling.AffinitySchema.optional(),
  topologySpreadConstraints: z.array(scheduling.SpreadConstraintSchema).optional(),
  schedulingGates: z.array(scheduling.SchedulingGateSchema).optional(),
  schedulerName: z.string().optional(),
  priority: z.number().int().optional(),
  priorityClassName: z.string().optional(),
  preemptionPolicy: z.enum(['PreemptLowerPriority', 'Never']).optional(),
  overhead: quantities.optional(),
});
export type PodSpec = z.infer<typeof PodSpecSchema>;

const TemplateSchema = z.looseObject({
  metadata: z
    .looseObject({ labels: strings.optional(), annotations: strings.optional() })
    .optional(),
  spec: PodSpecSchema,
});
export type PodTemplate = z.infer<typeof TemplateSchema>;

function objectOf<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.looseObject({
    apiVersion: z.string(),
    kind: z.string(),
    metadata: MetadataSchema,
    ...shape,
  });
}

export const AnyObjectSchema = objectOf({});

export const PodSchema = objectOf({
  spec: PodSpecSchema,
  status: z
    .looseObject({
      phase: z.string().optional(),
      conditions,
      podIP: z.string().optional(),
      startTime: z.string().optional(),
      initContainerStatuses: z.array(ContainerStatusSchema).optional(),
      containerStatuses: z.array(ContainerStatusSchema).optional(),
    })
    .optional(),
});
export type Pod = z.infer<typeof PodSchema>;

export const NodeSchema = objectOf({
  spec: z
    .looseObject({
      unschedulable: z.boolean().optional(),
      providerID: z.string().optional(),
      taints: z.array(TaintSchema).optional(),
    })
    .optional(),
  status: z
    .looseObject({
      capacity: quantities.optional(),
      allocatable: quantities.optional(),
      conditions,
      images: z.array(CachedImageSchema).optional(),
    })
    .optional(),
});
export type Node = z.infer<typeof NodeSchema>;

const WorkloadStatusSchema = z.looseObject({ conditions }).optional();
const workload = {
  replicas: z.number().int().min(0).optional(),
  selector: scheduling.LabelSelectorSchema,
  template: TemplateSchema,
};
const intOrPercent = z.union([z.number().int().min(0), z.string()]);

export const DeploymentSchema = objectOf({
  spec: z.looseObject({
    ...workload,
    paused: z.boolean().optional(),
    progressDeadlineSeconds: z.number().int().optional(),
    strategy: z
      .looseObject({
        type: z.string().optional(),
        rollingUpdate: z
          .looseObject({
            maxSurge: intOrPercent.optional(),
            maxUnavailable: intOrPercent.optional(),
          })
          .optional(),
      })
      .optional(),
  }),
  status: WorkloadStatusSchema,
});
export type Deployment = z.infer<typeof DeploymentSchema>;

export const ReplicaSetSchema = objectOf({
  spec: z.looseObject(workload),
  status: WorkloadStatusSchema,
});
export type ReplicaSet = z.infer<typeof ReplicaSetSchema>;

export const StatefulSetSchema = objectOf({
  spec: z.looseObject({ ...workload, podManagementPolicy: z.string().optional() }),
  status: WorkloadStatusSchema,
});
export type StatefulSet = z.infer<typeof StatefulSetSchema>;

export const DaemonSetSchema = objectOf({
  spec: z.looseObject({ selector: scheduling.LabelSelectorSchema, template: TemplateSchema }),
  status: WorkloadStatusSchema,
});
export type DaemonSet = z.infer<typeof DaemonSetSchema>;

export const JobSchema = objectOf({
  spec: z.looseObject({
    parallelism: z.number().optional(),
    completions: z.number().optional(),
    backoffLimit: z.number().optional(),
    activeDeadlineSeconds: z.number().optional(),
    ttlSecondsAfterFinished: z.number().optional(),
    template: TemplateSchema,
  }),
  status: WorkloadStatusSchema,
});
export type Job = z.infer<typeof JobSchema>;

export const BudgetSchema = objectOf({
  spec: z.looseObject({
    minAvailable: intOrPercent.optional(),
    maxUnavailable: intOrPercent.optional(),
    selector: scheduling.LabelSelectorSchema.nullish(),
    unhealthyPodEvictionPolicy: z.string().optional(),
  }),
  status: z
    .looseObject({
      observedGeneration: z.number().optional(),
      disruptionsAllowed: z.number(),
      currentHealthy: z.number(),
      desiredHealthy: z.number(),
      expectedPods: z.number(),
      disruptedPods: strings.optional(),
      conditions,
    })
    .optional(),
});
export type Budget = z.infer<typeof BudgetSchema>;

export const ServiceSchema = objectOf({
  spec: z.looseObject({
    selector: strings.optional(),
    ports: z
      .array(
        z.looseObject({
          name: z.string().optional(),
          port: z.number(),
          targetPort: z.union([z.number(), z.string()]).optional(),
          protocol: z.string().optional(),
        }),
      )
      .optional(),
  }),
});
export type Service = z.infer<typeof ServiceSchema>;

export const LeaseSchema = objectOf({
  spec: z
    .looseObject({ holderIdentity: z.string().nullish(), renewTime: z.string().nullish() })
    .optional(),
});
