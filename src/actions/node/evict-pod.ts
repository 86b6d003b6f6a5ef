import { errorCode } from '../../errors.ts';
import { isKubernetesError, type KubernetesError } from '../../kubernetes/kubernetes.ts';
import type { Effect, Mutation } from '../action.ts';
import { isTerminating } from '../pod-state.ts';
import { EvictionNeverError, EvictionRefusedError, PodGoneError } from './drain-errors.ts';
import { type DrainRun, findPod, podText } from './drain-run.ts';
import { isTwoBudgets } from './preflight.ts';
import { goalToJson, RecoveryGoal, recoveryGoal } from './recovery-goal.ts';

const SERVER_BUSY_MS = 5_000;

export type Attempt =
  | { readonly status: 'evicted'; readonly goal: RecoveryGoal }
  | { readonly status: 'gone' }
  /** Not now; `afterMs` where the server said when. */
  | { readonly status: 'again'; readonly why: string; readonly afterMs?: number };

/**
 * Asks once for an eviction, and says what came of it.
 * @throws EvictionNeverError (`eviction_never`), EvictionRefusedError (`eviction_refused`)
 */
export async function evictPod(run: DrainRun, effect: Effect): Promise<Attempt> {
  try {
    const goal = await run.context.mutate(eviction(effect, () => recoveryGoal(run, effect)));
    return { status: 'evicted', goal: RecoveryGoal.parse(goal) };
  } catch (error) {
    if (errorCode(error) === 'pod_gone') return { status: 'gone' };
    if (isKubernetesError(error)) return attemptOf(effect, error);
    throw error;
  }
}

/**
 * The UID is looked at before the call: an eviction that fails on its UID precondition has already been charged to the
 * budget, which then refuses the next pod for up to two minutes. The precondition is the seat belt, not the brake.
 * @param goalNow what the result is to hold; nothing where nobody follows the pod
 */
export function eviction(
  effect: Effect,
  goalNow: () => Promise<RecoveryGoal> = async () => ({}),
): Mutation {
  const { namespace = 'default', name, uid } = effect.object;
  let before: RecoveryGoal | undefined;
  return {
    effect,
    async act(cluster) {
      before = await goalNow();
      const pod = await findPod({ cluster }, effect);
      if (pod === undefined) throw new PodGoneError(podText(effect));
      await cluster.evict({ namespace, name, uid });
      return goalToJson(before);
    },
    async observe(cluster) {
      const pod = await findPod({ cluster }, effect);
      if (pod !== undefined && !isTerminating(pod)) return { happened: false };
      return { happened: true, result: goalToJson(before ?? (await goalNow())) };
    },
  };
}

function attemptOf(effect: Effect, error: KubernetesError): Attempt {
  const { status, causes, retryAfterMs } = error;
  const budget = causes.find(({ reason }) => reason === 'DisruptionBudget');
  if (budget !== undefined) {
    // Only a budget that is still being counted says when.
    const when = retryAfterMs === undefined ? {} : { afterMs: retryAfterMs };
    return { status: 'again', why: `its budget: ${budget.message}`, ...when };
  }
  if (isTwoBudgets(error)) {
    throw new EvictionNeverError(podText(effect), {
      why: 'more than one disruption budget covers it, which the Eviction API does not support',
      wayOut: 'change their selectors so that one covers it',
    });
  }
  if (causes.some(({ reason }) => reason === 'NamespaceTerminating')) {
    return { status: 'again', why: 'its namespace, which is going away', afterMs: SERVER_BUSY_MS };
  }
  if (status === 429) {
    const afterMs = retryAfterMs ?? SERVER_BUSY_MS;
    return { status: 'again', why: 'the API server, which is busy', afterMs };
  }
  // 404 and 409: gone or replaced by a namesake since we looked; looking again settles it.
  if (status === 404 || status === 409)
    return { status: 'again', why: 'another look: it has changed' };
  if (status >= 500 || status === 0) {
    return { status: 'again', why: `the API server: ${error.message}`, afterMs: SERVER_BUSY_MS };
  }
  throw new EvictionRefusedError(podText(effect), error);
}
