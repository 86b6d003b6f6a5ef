import { z } from 'zod';
import type { ResourceType } from '../kubernetes.ts';
import { Metadata } from './metadata.ts';

const WorkloadSchema = z.object({
  metadata: Metadata,
  spec: z
    .object({
      replicas: z.number().default(1),
      strategy: z.object({ type: z.string().default('RollingUpdate') }).optional(),
    })
    .default({ replicas: 1 }),
  status: z
    .object({
      observedGeneration: z.number().default(0),
      replicas: z.number().default(0),
      readyReplicas: z.number().default(0),
      /** Of a Job: pods that run now. */
      active: z.number().default(0),
    })
    .default({ observedGeneration: 0, replicas: 0, readyReplicas: 0, active: 0 }),
});

/** What keeps pods: the fields that its kinds have in common. */
export type Workload = z.infer<typeof WorkloadSchema>;

function workload(apiVersion: string, kind: string, plural: string): ResourceType<Workload> {
  return { apiVersion, kind, plural, namespaced: true, schema: WorkloadSchema };
}

export const Deployment = workload('apps/v1', 'Deployment', 'deployments');
export const ReplicaSet = workload('apps/v1', 'ReplicaSet', 'replicasets');
export const StatefulSet = workload('apps/v1', 'StatefulSet', 'statefulsets');
export const DaemonSet = workload('apps/v1', 'DaemonSet', 'daemonsets');
export const ReplicationController = workload(
  'v1',
  'ReplicationController',
  'replicationcontrollers',
);
export const Job = workload('batch/v1', 'Job', 'jobs');
