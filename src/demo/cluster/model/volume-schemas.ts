import { z } from 'zod';
import { MetadataSchema } from './objects.ts';
import { NodeSelectorSchema } from './scheduling-schemas.ts';

const base = { apiVersion: z.string(), kind: z.string(), metadata: MetadataSchema };

export const VolumeClaimSchema = z.looseObject({
  ...base,
  spec: z.looseObject({
    accessModes: z.array(z.string()).optional(),
    /** The PersistentVolume that it is bound to. */
    volumeName: z.string().optional(),
  }),
});
export type VolumeClaim = z.infer<typeof VolumeClaimSchema>;

export const VolumeSchema = z.looseObject({
  ...base,
  spec: z.looseObject({
    nodeAffinity: z.looseObject({ required: NodeSelectorSchema.optional() }).optional(),
  }),
});
export type Volume = z.infer<typeof VolumeSchema>;

export const PriorityClassSchema = z.looseObject({
  ...base,
  value: z.number().int(),
  globalDefault: z.boolean().optional(),
  preemptionPolicy: z.enum(['PreemptLowerPriority', 'Never']).optional(),
});
export type PriorityClass = z.infer<typeof PriorityClassSchema>;
