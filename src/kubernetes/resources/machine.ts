import { z } from 'zod';
import type { ResourceType } from '../kubernetes.ts';
import { Condition, Metadata } from './metadata.ts';

/**
 * Cluster API. The same schemas read v1beta2 and v1beta1: they hold only what both have, or what either may have.
 * @see https://cluster-api.sigs.k8s.io/reference/api/reference
 */
const CapiMachineSchema = z.object({
  metadata: Metadata,
  spec: z.object({
    clusterName: z.string(),
    providerID: z.string().optional(),
    /** v1beta1: a duration such as `10m0s`. */
    nodeDrainTimeout: z.string().optional(),
    deletion: z.object({ nodeDrainTimeoutSeconds: z.number().optional() }).optional(),
  }),
  status: z
    .object({
      phase: z.string().default(''),
      nodeRef: z.object({ name: z.string() }).optional(),
      conditions: z.array(Condition).default([]),
      failureReason: z.string().optional(),
      failureMessage: z.string().optional(),
      /** v1beta2 keeps here what v1beta1 had beside the phase. */
      deprecated: z
        .object({
          v1beta1: z
            .object({
              failureReason: z.string().optional(),
              failureMessage: z.string().optional(),
            })
            .optional(),
        })
        .optional(),
    })
    .default({ phase: '', conditions: [] }),
});
export type CapiMachine = z.infer<typeof CapiMachineSchema>;

const CapiMachineSetSchema = z.object({
  metadata: Metadata,
  spec: z.object({ clusterName: z.string(), replicas: z.number().default(1) }),
  status: z.object({ readyReplicas: z.number().default(0) }).default({ readyReplicas: 0 }),
});
export type CapiMachineSet = z.infer<typeof CapiMachineSetSchema>;

const CapiMachineDeploymentSchema = z.object({
  metadata: Metadata,
  spec: z.object({
    clusterName: z.string(),
    replicas: z.number().default(1),
    paused: z.boolean().default(false),
  }),
  status: z
    .object({
      replicas: z.number().default(0),
      readyReplicas: z.number().default(0),
      upToDateReplicas: z.number().optional(),
      /** v1beta1's name for it. */
      updatedReplicas: z.number().optional(),
    })
    .default({ replicas: 0, readyReplicas: 0 }),
});

const CapiClusterSchema = z.object({
  metadata: Metadata,
  spec: z.object({ paused: z.boolean().default(false) }).default({ paused: false }),
});

export interface ClusterApiTypes {
  readonly Machine: ResourceType<CapiMachine>;
  readonly MachineSet: ResourceType<CapiMachineSet>;
  readonly MachineDeployment: ResourceType<z.infer<typeof CapiMachineDeploymentSchema>>;
  readonly Cluster: ResourceType<z.infer<typeof CapiClusterSchema>>;
}

function typesOf(version: string): ClusterApiTypes {
  const common = { apiVersion: `cluster.x-k8s.io/${version}`, namespaced: true };
  return {
    Machine: { ...common, kind: 'Machine', plural: 'machines', schema: CapiMachineSchema },
    MachineSet: {
      ...common,
      kind: 'MachineSet',
      plural: 'machinesets',
      schema: CapiMachineSetSchema,
    },
    MachineDeployment: {
      ...common,
      kind: 'MachineDeployment',
      plural: 'machinedeployments',
      schema: CapiMachineDeploymentSchema,
    },
    Cluster: { ...common, kind: 'Cluster', plural: 'clusters', schema: CapiClusterSchema },
  };
}

/** Newest first. An installation serves one or both; an older one lacks v1beta2. */
export const clusterApiVersions: readonly ClusterApiTypes[] = [
  typesOf('v1beta2'),
  typesOf('v1beta1'),
];
