import { z } from 'zod';
import type { ResourceType } from '../kubernetes.ts';
import { Condition, Metadata } from './metadata.ts';

const Taint = z.object({
  key: z.string(),
  value: z.string().optional(),
  effect: z.string(),
});
export type Taint = z.infer<typeof Taint>;

const quantities = z.record(z.string(), z.string()).default({});

const NodeSchema = z.object({
  metadata: Metadata,
  spec: z
    .object({
      unschedulable: z.boolean().default(false),
      providerID: z.string().optional(),
      taints: z.array(Taint).default([]),
    })
    .default({ unschedulable: false, taints: [] }),
  status: z
    .object({
      allocatable: quantities,
      capacity: quantities,
      conditions: z.array(Condition).default([]),
      nodeInfo: z.object({ kubeletVersion: z.string() }).partial().optional(),
    })
    .default({ allocatable: {}, capacity: {}, conditions: [] }),
});

export type Node = z.infer<typeof NodeSchema>;
export const Node: ResourceType<Node> = {
  apiVersion: 'v1',
  kind: 'Node',
  plural: 'nodes',
  namespaced: false,
  schema: NodeSchema,
};
