import { z } from 'zod';
import { MetadataSchema } from './objects.ts';

const quantities = z.record(z.string(), z.union([z.string(), z.number()]));
export type Quantities = z.infer<typeof quantities>;
const object = { apiVersion: z.string(), kind: z.string(), metadata: MetadataSchema };

export const QuotaSchema = z.looseObject({
  ...object,
  spec: z.looseObject({ hard: quantities.optional() }).optional(),
  status: z.looseObject({ hard: quantities.optional(), used: quantities.optional() }).optional(),
});
export type Quota = z.infer<typeof QuotaSchema>;

const LimitSchema = z.looseObject({
  type: z.string(),
  max: quantities.optional(),
  min: quantities.optional(),
  default: quantities.optional(),
  defaultRequest: quantities.optional(),
  maxLimitRequestRatio: quantities.optional(),
});
export type Limit = z.infer<typeof LimitSchema>;

export const LimitRangeSchema = z.looseObject({
  ...object,
  spec: z.looseObject({ limits: z.array(LimitSchema) }),
});
export type LimitRange = z.infer<typeof LimitRangeSchema>;
