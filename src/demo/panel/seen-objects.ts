import { z } from 'zod';

const condition = z.object({
  type: z.string(),
  status: z.string(),
  message: z.string().optional(),
  lastTransitionTime: z.string().optional(),
});
const owner = z.object({ kind: z.string(), name: z.string(), controller: z.boolean().optional() });
const metadata = z.object({
  name: z.string(),
  namespace: z.string().default(''),
  uid: z.string(),
  creationTimestamp: z.string(),
  deletionTimestamp: z.string().optional(),
  annotations: z.record(z.string(), z.string()).default({}),
  labels: z.record(z.string(), z.string()).default({}),
  ownerReferences: z.array(owner).default([]),
});
const conditions = z.array(condition).default([]);

/** The fields of a Node that the panel reads. */
export const SeenNode = z.object({
  metadata,
  spec: z
    .object({
      unschedulable: z.boolean().optional(),
      taints: z.array(z.object({ key: z.string() })).default([]),
    })
    .default({ taints: [] }),
  status: z.object({ conditions }).default({ conditions: [] }),
});
export type SeenNode = z.infer<typeof SeenNode>;

/** The fields of a Pod that the panel reads. */
export const SeenPod = z.object({
  metadata,
  spec: z.object({ nodeName: z.string().optional() }),
  status: z
    .object({
      phase: z.string().default('Pending'),
      conditions,
      containerStatuses: z
        .array(z.object({ started: z.boolean().optional().catch(undefined) }))
        .default([]),
    })
    .default({ phase: 'Pending', conditions: [], containerStatuses: [] }),
});
export type SeenPod = z.infer<typeof SeenPod>;

const count = z.number().default(0);
/** The fields of a PodDisruptionBudget that the panel reads. */
export const SeenBudget = z.object({
  metadata,
  status: z
    .object({ disruptionsAllowed: count, currentHealthy: count, desiredHealthy: count })
    .default({ disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0 }),
});
export type SeenBudget = z.infer<typeof SeenBudget>;

/** The fields of a Cluster API Machine, or of a Karpenter NodeClaim, that the panel reads. */
export const SeenMachine = z.object({
  metadata,
  status: z
    .object({
      nodeRef: z.object({ name: z.string() }).optional(),
      nodeName: z.string().optional(),
    })
    .default({}),
});
export type SeenMachine = z.infer<typeof SeenMachine>;

/** Parses each object once: a cluster hands out the same one as long as it does not change. */
export function parsedOnce<Seen>(schema: z.ZodType<Seen>): (object: object) => Seen {
  const known = new WeakMap<object, Seen>();
  return (object) => {
    const before = known.get(object);
    if (before !== undefined) return before;
    const seen = schema.parse(object);
    known.set(object, seen);
    return seen;
  };
}
