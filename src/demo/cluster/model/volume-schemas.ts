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
    storageClassName: z.string().optional(),
    resources: z
      .looseObject({
        requests: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
      })
      .optional(),
  }),
  status: z.looseObject({ phase: z.string().optional() }).optional(),
});
export type VolumeClaim = z.infer<typeof VolumeClaimSchema>;

export const VolumeSchema = z.looseObject({
  ...base,
  spec: z.looseObject({
    claimRef: z
      .looseObject({ namespace: z.string().optional(), name: z.string().optional() })
      .optional(),
    nodeAffinity: z.looseObject({ required: NodeSelectorSchema.optional() }).optional(),
  }),
});
