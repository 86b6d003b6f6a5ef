import { z } from 'zod';
import type { ResourceType } from '../kubernetes.ts';
import { Condition, Metadata } from './metadata.ts';

/** On nodes and node claims: the pool that they belong to. */
export const NODE_POOL_LABEL = 'karpenter.sh/nodepool';

/** Karpenter's machine. @see https://karpenter.sh/docs/concepts/nodeclaims/ */
const NodeClaimSchema = z.object({
  metadata: Metadata,
  spec: z.object({ terminationGracePeriod: z.string().optional() }).default({}),
  status: z
    .object({
      nodeName: z.string().optional(),
      providerID: z.string().optional(),
      conditions: z.array(Condition).default([]),
    })
    .default({ conditions: [] }),
});
export type NodeClaim = z.infer<typeof NodeClaimSchema>;
export const NodeClaim: ResourceType<NodeClaim> = {
  apiVersion: 'karpenter.sh/v1',
  kind: 'NodeClaim',
  plural: 'nodeclaims',
  namespaced: false,
  schema: NodeClaimSchema,
};

const NodePoolSchema = z.object({
  metadata: Metadata,
  spec: z
    .object({
      /** Static capacity: the pool is kept at this size. Absent: nodes come when pods find no room. */
      replicas: z.number().optional(),
    })
    .default({}),
  status: z.object({ conditions: z.array(Condition).default([]) }).default({ conditions: [] }),
});
export type NodePool = z.infer<typeof NodePoolSchema>;
export const NodePool: ResourceType<NodePool> = {
  apiVersion: 'karpenter.sh/v1',
  kind: 'NodePool',
  plural: 'nodepools',
  namespaced: false,
  schema: NodePoolSchema,
};
