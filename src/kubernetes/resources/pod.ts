import { z } from 'zod';
import type { ResourceType } from '../kubernetes.ts';
import { Condition, Metadata } from './metadata.ts';

const Quantities = z
  .record(z.string(), z.union([z.string(), z.number().transform(String)]))
  .default({});
export type Quantities = z.infer<typeof Quantities>;

const Container = z.object({
  name: z.string(),
  /** `Always` makes an init container a sidecar, which keeps its requests while the pod runs. */
  restartPolicy: z.string().optional(),
  resources: z.object({ requests: Quantities }).default({ requests: {} }),
});
export type Container = z.infer<typeof Container>;

const Toleration = z.object({
  key: z.string().optional(),
  operator: z.string().default('Equal'),
  value: z.string().default(''),
  effect: z.string().optional(),
});
export type Toleration = z.infer<typeof Toleration>;

const Volume = z.object({
  name: z.string(),
  emptyDir: z.object({ medium: z.string().default('') }).optional(),
  hostPath: z.object({ path: z.string() }).optional(),
  persistentVolumeClaim: z.object({ claimName: z.string() }).optional(),
  /** A generic ephemeral volume: its claim is named after the pod and the volume. */
  ephemeral: z.object({}).optional(),
});
export type Volume = z.infer<typeof Volume>;

const ContainerStatus = z.object({
  name: z.string(),
  state: z
    .object({
      waiting: z
        .object({ reason: z.string().optional(), message: z.string().optional() })
        .optional(),
    })
    .default({}),
});

const PodSchema = z.object({
  metadata: Metadata,
  spec: z.object({
    nodeName: z.string().optional(),
    priority: z.number().default(0),
    priorityClassName: z.string().optional(),
    terminationGracePeriodSeconds: z.number().default(30),
    containers: z.array(Container).default([]),
    initContainers: z.array(Container).default([]),
    overhead: Quantities,
    volumes: z.array(Volume).default([]),
    nodeSelector: z.record(z.string(), z.string()).default({}),
    tolerations: z.array(Toleration).default([]),
  }),
  status: z
    .object({
      phase: z.string().default('Pending'),
      conditions: z.array(Condition).default([]),
      startTime: z.string().optional(),
      containerStatuses: z.array(ContainerStatus).default([]),
    })
    .default({ phase: 'Pending', conditions: [], containerStatuses: [] }),
});

export type Pod = z.infer<typeof PodSchema>;
export const Pod: ResourceType<Pod> = {
  apiVersion: 'v1',
  kind: 'Pod',
  plural: 'pods',
  namespaced: true,
  schema: PodSchema,
};
