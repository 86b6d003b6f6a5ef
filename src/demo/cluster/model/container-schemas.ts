import { z } from 'zod';

const TerminatedSchema = z.looseObject({
  exitCode: z.number(),
  reason: z.string().optional(),
  startedAt: z.string().optional(),
  finishedAt: z.string().optional(),
});

const StateSchema = z.looseObject({
  waiting: z
    .looseObject({ reason: z.string().optional(), message: z.string().optional() })
    .optional(),
  running: z.looseObject({ startedAt: z.string().optional() }).optional(),
  terminated: TerminatedSchema.optional(),
});

export const ContainerStatusSchema = z.looseObject({
  name: z.string(),
  state: StateSchema.optional(),
  lastState: StateSchema.optional(),
  ready: z.boolean().optional(),
  restartCount: z.number().optional(),
});
export type ContainerStatus = z.infer<typeof ContainerStatusSchema>;
