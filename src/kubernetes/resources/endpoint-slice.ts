import { z } from 'zod';
import type { ResourceType } from '../kubernetes.ts';
import { Metadata } from './metadata.ts';

const Endpoint = z.object({
  addresses: z.array(z.string()).default([]),
  /** Each condition may be absent: `ready` absent is to be read as true. */
  conditions: z
    .object({ ready: z.boolean().nullish(), terminating: z.boolean().nullish() })
    .default({}),
  nodeName: z.string().optional(),
  targetRef: z.object({ kind: z.string().optional(), uid: z.string().optional() }).optional(),
});
export type Endpoint = z.infer<typeof Endpoint>;

const EndpointSliceSchema = z.object({
  metadata: Metadata,
  // A slice without endpoints is written as null.
  endpoints: z
    .array(Endpoint)
    .nullish()
    .transform((endpoints) => endpoints ?? []),
});

export type EndpointSlice = z.infer<typeof EndpointSliceSchema>;
export const EndpointSlice: ResourceType<EndpointSlice> = {
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  plural: 'endpointslices',
  namespaced: true,
  schema: EndpointSliceSchema,
};

/** The label that names the service whose endpoints a slice holds. */
export const SERVICE_NAME_LABEL = 'kubernetes.io/service-name';
