import { z } from 'zod';
import type { ResourceType } from '../kubernetes.ts';
import { Metadata } from './metadata.ts';

const ServiceSchema = z.object({
  metadata: Metadata,
  spec: z
    .object({ selector: z.record(z.string(), z.string()).default({}) })
    .default({ selector: {} }),
});

export type Service = z.infer<typeof ServiceSchema>;
export const Service: ResourceType<Service> = {
  apiVersion: 'v1',
  kind: 'Service',
  plural: 'services',
  namespaced: true,
  schema: ServiceSchema,
};
