import { z } from 'zod';
import { Duration } from '../../duration.ts';

/** What a drain can be told. There is nothing here to bypass a budget with. */
export const DrainInput = z.strictObject({
  node: z.string(),
  /** Pods that may be on their way at once, each of another workload: those of one go one after the other. */
  maxParallel: z.number().int().min(1).max(10).default(4),
  /** For one pod: how long it may wait for its budget, and its workload to recover. */
  podTimeout: Duration.prefault('10m'),
  /** Whether a Deployment with one pod may be restarted, so that its new pod is Ready before the old one goes. */
  surge: z.boolean().default(true),
  /** How long volumes may take to detach once the pods have gone. */
  volumeTimeout: Duration.prefault('5m'),
});
export type DrainInput = z.infer<typeof DrainInput>;
