import { z } from 'zod';

const stringMap = z.record(z.string(), z.string()).default({});

export const OwnerReference = z.object({
  apiVersion: z.string(),
  kind: z.string(),
  name: z.string(),
  uid: z.string(),
  controller: z.boolean().optional(),
});
export type OwnerReference = z.infer<typeof OwnerReference>;

export const Metadata = z.object({
  name: z.string(),
  namespace: z.string().optional(),
  uid: z.string(),
  resourceVersion: z.string().default(''),
  generation: z.number().optional(),
  creationTimestamp: z.string().default(''),
  deletionTimestamp: z.string().optional(),
  deletionGracePeriodSeconds: z.number().optional(),
  labels: stringMap,
  annotations: stringMap,
  ownerReferences: z.array(OwnerReference).default([]),
  finalizers: z.array(z.string()).default([]),
});
export type Metadata = z.infer<typeof Metadata>;

export const Condition = z.object({
  type: z.string(),
  status: z.string(),
  reason: z.string().default(''),
  message: z.string().default(''),
  lastTransitionTime: z.string().optional(),
});
export type Condition = z.infer<typeof Condition>;

export const LabelSelector = z.object({
  matchLabels: stringMap,
  matchExpressions: z
    .array(
      z.object({
        key: z.string(),
        operator: z.enum(['In', 'NotIn', 'Exists', 'DoesNotExist']),
        values: z.array(z.string()).default([]),
      }),
    )
    .default([]),
});
export type LabelSelector = z.infer<typeof LabelSelector>;

/** The owner that manages an object's life, of which there is at most one. */
export function controllerOf(metadata: Metadata): OwnerReference | undefined {
  return metadata.ownerReferences.find((owner) => owner.controller === true);
}
