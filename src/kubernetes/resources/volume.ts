import { z } from 'zod';
import type { ResourceType } from '../kubernetes.ts';
import { Metadata } from './metadata.ts';

const VolumeAttachmentSchema = z.object({
  metadata: Metadata,
  spec: z.object({
    nodeName: z.string(),
    source: z.object({ persistentVolumeName: z.string().nullish() }).default({}),
  }),
  status: z.object({ attached: z.boolean().default(false) }).default({ attached: false }),
});

export type VolumeAttachment = z.infer<typeof VolumeAttachmentSchema>;
export const VolumeAttachment: ResourceType<VolumeAttachment> = {
  apiVersion: 'storage.k8s.io/v1',
  kind: 'VolumeAttachment',
  plural: 'volumeattachments',
  namespaced: false,
  schema: VolumeAttachmentSchema,
};

const PersistentVolumeClaimSchema = z.object({
  metadata: Metadata,
  spec: z
    .object({
      volumeName: z.string().optional(),
      accessModes: z.array(z.string()).default([]),
    })
    .default({ accessModes: [] }),
});

export type PersistentVolumeClaim = z.infer<typeof PersistentVolumeClaimSchema>;
export const PersistentVolumeClaim: ResourceType<PersistentVolumeClaim> = {
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  plural: 'persistentvolumeclaims',
  namespaced: true,
  schema: PersistentVolumeClaimSchema,
};

const PersistentVolumeSchema = z.object({
  metadata: Metadata,
  spec: z
    .object({
      local: z.object({ path: z.string() }).optional(),
      hostPath: z.object({ path: z.string() }).optional(),
    })
    .default({}),
});

export type PersistentVolume = z.infer<typeof PersistentVolumeSchema>;
export const PersistentVolume: ResourceType<PersistentVolume> = {
  apiVersion: 'v1',
  kind: 'PersistentVolume',
  plural: 'persistentvolumes',
  namespaced: false,
  schema: PersistentVolumeSchema,
};
