import { z } from 'zod';
import type { ResourceType } from '../kubernetes.ts';
import { Condition, Metadata } from './metadata.ts';
import { WorkloadSchema } from './workload.ts';

const CountOrPercent = z.union([z.number(), z.string()]);

const DeploymentSchema = WorkloadSchema.extend({
  spec: WorkloadSchema.shape.spec.unwrap().extend({
    paused: z.boolean().default(false),
    strategy: z
      .object({
        type: z.string().default('RollingUpdate'),
        rollingUpdate: z
          .object({
            maxSurge: CountOrPercent.default('25%'),
            maxUnavailable: CountOrPercent.default('25%'),
          })
          .prefault({}),
      })
      .prefault({}),
    template: z
      .object({ metadata: Metadata.pick({ annotations: true }).nullish() })
      .default({ metadata: undefined }),
  }),
  status: z
    .object({
      observedGeneration: z.number().default(0),
      replicas: z.number().default(0),
      updatedReplicas: z.number().default(0),
      readyReplicas: z.number().default(0),
      availableReplicas: z.number().default(0),
      conditions: z.array(Condition).default([]),
    })
    .prefault({}),
});

export type Deployment = z.infer<typeof DeploymentSchema>;
export const Deployment: ResourceType<Deployment> = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  plural: 'deployments',
  namespaced: true,
  schema: DeploymentSchema,
};
