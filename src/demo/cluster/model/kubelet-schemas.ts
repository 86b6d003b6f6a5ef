import { z } from 'zod';
import { MetadataSchema } from './objects.ts';

const state = { apiVersion: z.string(), kind: z.string(), metadata: MetadataSchema };

/** How pulls go. Slowness is a factor on their usual time. */
const PullsSchema = z.object({
  slowness: z.number().optional(),
  failure: z.enum(['unreachable', 'unauthorized', 'not_found', 'rate_limited']).optional(),
});
export type Pulls = z.infer<typeof PullsSchema>;
export type PullFailure = NonNullable<Pulls['failure']>;

const ConditionSchema = z.looseObject({
  type: z.string(),
  status: z.string(),
  reason: z.string().optional(),
  message: z.string().optional(),
});

export const KubeletStateSchema = z.looseObject({
  ...state,
  spec: z.looseObject({
    dead: z.boolean(),
    /** What it was told to say of its node. */
    conditions: z.array(ConditionSchema),
    /** How pulls onto its node go. */
    pulls: PullsSchema.optional(),
    /** How many images it pulls at a time: one where absent, as `serializeImagePulls` has it. */
    parallelPulls: z.number().optional(),
    /** What others than pods use of its node's memory, a quantity. */
    otherMemory: z.string().optional(),
    /** It has found its node short of memory. */
    lowMemory: z.boolean().optional(),
  }),
});
export type KubeletState = z.infer<typeof KubeletStateSchema>;

/** What a registry has, or how it answers: for all of it, a repository or one image, whichever the name says. */
export const ImageSourceSchema = z.looseObject({
  ...state,
  spec: PullsSchema.extend({ digest: z.string().optional(), sizeBytes: z.number().optional() }),
});
export type ImageSource = z.infer<typeof ImageSourceSchema>;

export const CachedImageSchema = z.object({ names: z.array(z.string()), sizeBytes: z.number() });
export type CachedImage = z.infer<typeof CachedImageSchema>;

/** The images on a node. */
export const ImageCacheSchema = z.looseObject({
  ...state,
  spec: z.object({ images: z.array(CachedImageSchema) }),
});
