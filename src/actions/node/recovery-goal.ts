import { z } from 'zod';
import type { JsonObject } from '../../json.ts';
import { controllerOf } from '../../kubernetes/resources/metadata.ts';
import type { Pod } from '../../kubernetes/resources/pod.ts';
import type { Effect } from '../action.ts';
import { readinessOf } from '../owners.ts';
import { isTerminating } from '../pod-state.ts';
import type { DrainRun } from './drain-run.ts';
import { ownerOfEffect } from './evict-effect.ts';

/** What must be there again before the next pod may go. Kept in the journal, so that a restart does not lose it. */
export const RecoveryGoal = z.object({
  owner: z
    .object({ kind: z.string(), namespace: z.string(), name: z.string(), uid: z.string() })
    .optional(),
  /** Ready pods that the workload had; no more are asked of one that was short of some before. */
  ready: z.number().optional(),
  /** Healthy pods that the budget counted. */
  healthy: z.number().optional(),
});
export type RecoveryGoal = z.infer<typeof RecoveryGoal>;

/** How things stand, to be so again after the eviction. */
export async function recoveryGoal(
  { live, view }: DrainRun,
  effect: Effect,
): Promise<RecoveryGoal> {
  const pod = await view.pod(effect);
  // After a crash between an eviction and its record: the pod is not counted any more, so one more is expected.
  const hasLeft = pod === undefined || isTerminating(pod);
  const budget = hasLeft ? undefined : await view.budget(effect);
  const healthy = budget && { healthy: budget.status.currentHealthy };
  const owner = ownerOf(effect, pod);
  const readiness = owner && (await readinessOf(live, owner));
  if (owner === undefined || readiness === undefined) return { ...healthy };
  const { desired, ready } = readiness;
  if (!hasLeft) return { owner, ready, ...healthy };
  return desired === undefined ? {} : { owner, ready: Math.min(desired, ready + 1) };
}

/** A Job's pods have no readiness to wait for: they run, and end. */
function ownerOf(effect: Effect, pod: Pod | undefined): RecoveryGoal['owner'] {
  const owner = ownerOfEffect(effect);
  if (owner === undefined || owner.kind === 'Job') return undefined;
  return { ...owner, uid: (pod && controllerOf(pod.metadata)?.uid) ?? '' };
}

export function goalToJson({ owner, ready, healthy }: RecoveryGoal): JsonObject {
  return {
    ...(owner && { owner }),
    ...(ready !== undefined && { ready }),
    ...(healthy !== undefined && { healthy }),
  };
}
