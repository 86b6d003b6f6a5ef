import { z } from 'zod';
import type { ResourceType } from '../kubernetes.ts';
import { Condition, LabelSelector, Metadata } from './metadata.ts';

const CountOrPercent = z.union([z.number(), z.string()]);

const DisruptionBudgetSchema = z.object({
  metadata: Metadata,
  spec: z
    .object({
      minAvailable: CountOrPercent.optional(),
      maxUnavailable: CountOrPercent.optional(),
      /** policy/v1: an empty selector matches every pod of the namespace, an absent one none. */
      selector: LabelSelector.nullish(),
      unhealthyPodEvictionPolicy: z.string().optional(),
    })
    .default({}),
  status: z
    .object({
      observedGeneration: z.number().default(0),
      disruptionsAllowed: z.number().default(0),
      currentHealthy: z.number().default(0),
      desiredHealthy: z.number().default(0),
      expectedPods: z.number().default(0),
      /** Evicted pods that the disruption controller has not seen go yet: by name, since when. */
      disruptedPods: z.record(z.string(), z.string()).default({}),
      conditions: z.array(Condition).default([]),
    })
    .default({
      observedGeneration: 0,
      disruptionsAllowed: 0,
      currentHealthy: 0,
      desiredHealthy: 0,
      expectedPods: 0,
      disruptedPods: {},
      conditions: [],
    }),
});

/** PodDisruptionBudget. */
export type DisruptionBudget = z.infer<typeof DisruptionBudgetSchema>;
export const DisruptionBudget: ResourceType<DisruptionBudget> = {
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  plural: 'poddisruptionbudgets',
  namespaced: true,
  schema: DisruptionBudgetSchema,
};
