import { z } from 'zod';
import type { ResourceType } from '../kubernetes.ts';
import { Metadata } from './metadata.ts';

const LeaseSchema = z.object({
  metadata: Metadata,
  spec: z
    .object({
      holderIdentity: z.string().nullish(),
      leaseDurationSeconds: z.number().nullish(),
      /** RFC 3339 with microseconds. */
      acquireTime: z.string().nullish(),
      renewTime: z.string().nullish(),
      leaseTransitions: z.number().nullish(),
    })
    .default({}),
});

export type Lease = z.infer<typeof LeaseSchema>;
export const Lease: ResourceType<Lease> = {
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  plural: 'leases',
  namespaced: true,
  schema: LeaseSchema,
};
