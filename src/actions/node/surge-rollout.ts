import { Deployment } from '../../kubernetes/resources/deployment.ts';
import { Pod } from '../../kubernetes/resources/pod.ts';
import type { Effect } from '../action.ts';
import { selectorQuery } from '../label-selector.ts';
import { conditionOf, isServing, isTerminating, podName, whyUnschedulable } from '../pod-state.ts';
import { type DrainRun, podText, waitUntil } from './drain-run.ts';
import { effectsOnPods } from './surge-effect.ts';
import { RolloutTimeoutError } from './surge-errors.ts';
import { deploymentText } from './surge-restart.ts';

/**
 * Waits until a restarted Deployment has nothing but new pods, all of them available.
 * @param generation that of the restart
 * @returns the nodes on which its pods are Ready; none where it was deleted meanwhile
 * @throws RolloutTimeoutError (`rollout_timeout`)
 */
export function awaitRollout(run: DrainRun, effect: Effect, generation: number): Promise<string[]> {
  const { clock } = run.context;
  const since = clock.now();
  return waitUntil(run, async () => {
    const deployment = await run.live.find(Deployment, effect.object);
    if (deployment?.metadata.uid !== effect.object.uid) return [];
    const pods = await rolloutPods(run, effect, deployment);
    if (isRolledOut(deployment, generation)) {
      return pods.ready.flatMap(({ spec }) => spec.nodeName ?? []);
    }
    const waited = clock.now() - since;
    if (waited > run.input.podTimeout) {
      const still = pods.oldServes
        ? 'the old pod still serves, nothing was lost'
        : 'the old pod is there, but not Ready either';
      throw new RolloutTimeoutError(deploymentText(effect), {
        waited,
        reason: pods.missing,
        still,
      });
    }
    for (const ofPod of effectsOnPods(effect)) {
      await run.progress.waiting(podText(ofPod), `waits for its successor: ${pods.missing}`);
    }
    return undefined;
  });
}

/** As `kubectl rollout status` judges it. */
function isRolledOut({ metadata, spec, status }: Deployment, generation: number): boolean {
  return (
    status.observedGeneration >= Math.max(metadata.generation ?? 0, generation) &&
    status.updatedReplicas >= spec.replicas &&
    status.replicas <= status.updatedReplicas &&
    status.availableReplicas >= status.updatedReplicas
  );
}

/** How the pods of a Deployment stand amid its rollout. */
interface RolloutPods {
  /** Those that came for the ones that are to go. */
  readonly ready: readonly Pod[];
  /** What the new pod waits for, in words. */
  readonly missing: string;
  readonly oldServes: boolean;
}

async function rolloutPods(
  { live }: DrainRun,
  effect: Effect,
  deployment: Deployment,
): Promise<RolloutPods> {
  const { selector } = deployment.spec;
  const pods = await live.list(Pod, {
    namespace: deployment.metadata.namespace ?? 'default',
    ...(selector && { labelSelector: selectorQuery(selector) }),
  });
  const going = new Set(effectsOnPods(effect).map(({ object }) => object.uid));
  const fresh = pods.filter((pod) => !going.has(pod.metadata.uid) && !isTerminating(pod));
  const unready = fresh.find((pod) => !isServing(pod));
  return {
    ready: fresh.filter(isServing),
    missing: unready ? whyNotReady(unready) : whyNoPod(deployment),
    oldServes: pods.some((pod) => going.has(pod.metadata.uid) && isServing(pod)),
  };
}

function whyNotReady(pod: Pod): string {
  const homeless = whyUnschedulable(pod);
  if (homeless !== undefined) return `${podName(pod)} finds no node: ${homeless}`;
  const waiting = pod.status.containerStatuses.find(({ state }) => state.waiting?.reason)?.state;
  const { reason, message } = waiting?.waiting ?? {};
  const why = [reason, message].filter(Boolean).join(': ');
  return `${podName(pod)} is ${pod.status.phase} and not Ready${why && ` (${why})`}`;
}

function whyNoPod({ metadata, status }: Deployment): string {
  const failure = conditionOf(status.conditions, 'ReplicaFailure');
  if (failure !== undefined) return `it is refused: ${failure.message}`;
  return `the rollout of Deployment ${metadata.namespace}/${metadata.name} goes on`;
}
