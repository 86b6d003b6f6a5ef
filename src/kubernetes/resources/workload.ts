import { z } from 'zod';
import type { ResourceType } from '../kubernetes.ts';
import { LabelSelector, Metadata } from './metadata.ts';

export const WorkloadSchema = z.object({
  metadata: Metadata,
  spec: z
    .object({
      replicas: z.number().default(1),
      selector: LabelSelector.optional(),
    })
    .default({ replicas: 1 }),
  status: z
    .object({
      replicas: z.number().default(0),
      readyReplicas: z.number().default(0),
    })
    .default({ replicas: 0, readyReplicas: 0 }),
});

/** What keeps pods: the fields that its kinds have in common. */
export type Workload = z.infer<typeof WorkloadSchema>;

function workload(apiVersion: string, kind: string, plural: string): ResourceType<Workload> {
  return { apiVersion, kind, plural, namespaced: true, schema: WorkloadSchema };
}

export const ReplicaSet = workload('apps/v1', 'ReplicaSet', 'replicasets');
export const StatefulSet = workload('apps/v1', 'StatefulSet', 'statefulsets');
export const DaemonSet = workload('apps/v1', 'DaemonSet', 'daemonsets');
export const Job = workload('batch/v1', 'Job', 'jobs');
