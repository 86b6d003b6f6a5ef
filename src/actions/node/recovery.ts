import { z } from 'zod';
import type { JsonObject } from '../../json.ts';
import type { Cluster } from '../../kubernetes/kubernetes.ts';
import { DisruptionBudget } from '../../kubernetes/resources/disruption-budget.ts';
import type { Pod } from '../../kubernetes/resources/pod.ts';
import type { Effect } from '../action.ts';
import { budgetNumbers } from '../budget-outlook.ts';
import { Owners, readinessOf } from '../owners.ts';
import { isServing } from '../pod-state.ts';
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

/** How things stand before a pod is evicted. */
export async function recoveryGoal(
  cluster: Cluster,
  effect: Effect,
  pod: Pod,
): Promise<RecoveryGoal> {
  const owner = await new Owners(cluster).of(pod);
  const budget = await budgetOf(cluster, effect);
  const healthy = budget?.status.currentHealthy;
  // A Job's pods have no readiness to wait for: they run, and end.
  if (owner === undefined || owner.missing || owner.kind === 'Job') return { healthy };
  const readiness = await readinessOf(cluster, owner);
  const { kind, namespace, name, uid } = owner;
  return { owner: { kind, namespace, name, uid }, ready: readiness?.ready, healthy };
}

/** After a crash between an eviction and its record: the pod is not counted any more, so one more is expected. */
export async function guessedGoal(
  cluster: Cluster,
  effect: Effect,
  pod?: Pod,
): Promise<RecoveryGoal> {
  const named = ownerOfEffect(effect);
  const owner = pod && (await new Owners(cluster).of(pod));
  if (owner === undefined && named === undefined) return {};
  const { kind, namespace, name, uid } = owner ?? {
    ...(named ?? { kind: '', namespace: '', name: '' }),
    uid: '',
  };
  if (kind === 'Job') return {};
  const readiness = await readinessOf(cluster, { kind, namespace, name, uid });
  if (readiness?.desired === undefined) return {};
  const missing = pod !== undefined && isServing(pod) ? 0 : 1;
  return {
    owner: { kind, namespace, name, uid },
    ready: Math.min(readiness.desired, readiness.ready + missing),
  };
}

export function goalToJson({ owner, ready, healthy }: RecoveryGoal): JsonObject {
  return {
    ...(owner && { owner }),
    ...(ready !== undefined && { ready }),
    ...(healthy !== undefined && { healthy }),
  };
}

/** What is not back yet, in words; undefined when all is. */
export async function whatIsMissing(
  cluster: Cluster,
  effect: Effect,
  goal: RecoveryGoal,
): Promise<string | undefined> {
  return (await missingPods(cluster, goal)) ?? missingHealth(cluster, effect, goal);
}

async function missingPods(
  cluster: Cluster,
  { owner, ready }: RecoveryGoal,
): Promise<string | undefined> {
  if (owner === undefined || ready === undefined) return undefined;
  const now = await readinessOf(cluster, owner);
  if (now === undefined) return undefined;
  // Scaled down meanwhile: no more is wanted than that.
  const wanted = Math.min(ready, now.desired ?? ready);
  if (now.ready >= wanted) return undefined;
  const why = now.unschedulable.length > 0 ? `; ${now.unschedulable[0]}` : '';
  return `${owner.kind} ${owner.namespace}/${owner.name} has ${now.ready} of ${wanted} ready${why}`;
}

async function missingHealth(
  cluster: Cluster,
  effect: Effect,
  { healthy = Number.POSITIVE_INFINITY }: RecoveryGoal,
): Promise<string | undefined> {
  const budget = await budgetOf(cluster, effect);
  if (budget === undefined) return undefined;
  const { metadata, status } = budget;
  const isCounted =
    status.observedGeneration >= (metadata.generation ?? 0) &&
    !(effect.object.name in status.disruptedPods);
  const wanted = Math.min(healthy, status.desiredHealthy);
  if (isCounted && status.currentHealthy >= wanted) return undefined;
  return `budget ${metadata.namespace}/${metadata.name}: ${budgetNumbers(budget)}`;
}

function budgetOf(cluster: Cluster, { before }: Effect): Promise<DisruptionBudget | undefined> {
  const { budget } = before;
  if (typeof budget !== 'string') return Promise.resolve(undefined);
  const [namespace = '', name = ''] = budget.split('/');
  return cluster.find(DisruptionBudget, { namespace, name });
}
