import { z } from 'zod';
import { MetadataSchema } from './objects.ts';

export const PriorityClassSchema = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: MetadataSchema,
  value: z.number().int(),
  /** Of pods that name no class. */
  globalDefault: z.boolean().optional(),
  preemptionPolicy: z.enum(['PreemptLowerPriority', 'Never']).optional(),
});
