import { z } from 'zod';
import { MetadataSchema } from './objects.ts';

const InfrastructureSchema = z.strictObject({
  /**
   * What becomes of a new machine: it works; there is no capacity for it, for now; it fails for good; its node never joins
   * the cluster; its node joins, and is never Ready.
   */
  arrival: z.enum(['works', 'no-capacity', 'fails', 'never-joins', 'never-ready']),
  /** What becomes of a machine that is to end: it ends; its instance never does. */
  departure: z.enum(['works', 'hangs']),
});
export type Infrastructure = z.infer<typeof InfrastructureSchema>;

export const InfrastructureStateSchema = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: MetadataSchema,
  spec: InfrastructureSchema,
});
