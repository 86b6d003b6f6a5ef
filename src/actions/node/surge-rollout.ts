import type { Cluster } from '../../kubernetes/kubernetes.ts';
import type { Deployment } from '../../kubernetes/resources/deployment.ts';
import { Pod } from '../../kubernetes/resources/pod.ts';
import { selectorQuery } from '../label-selector.ts';
import { conditionOf, isServing, isTerminating, podName, whyUnschedulable } from '../pod-state.ts';

/** As `kubectl rollout status` judges it. */
export function isRolledOut({ metadata, spec, status }: Deployment): boolean {
  return (
    status.observedGeneration >= (metadata.generation ?? 0) &&
    status.updatedReplicas >= spec.replicas &&
    status.replicas <= status.updatedReplicas &&
    status.availableReplicas >= status.updatedReplicas
  );
}

/** How the pods of a Deployment stand amid its rollout. */
export interface RolloutPods {
  /** Ready, and not one of those that are to move. */
  readonly ready: readonly Pod[];
  /** What the new pod waits for, in words. */
  readonly missing: string;
  /** Of those that are to move, the ones that serve. */
  readonly serving: readonly Pod[];
}

export async function rolloutPods(
  cluster: Cluster,
  deployment: Deployment,
  moving: ReadonlySet<string>,
): Promise<RolloutPods> {
  const { selector } = deployment.spec;
  const pods = await cluster.list(Pod, {
    namespace: deployment.metadata.namespace ?? 'default',
    ...(selector && { labelSelector: selectorQuery(selector) }),
  });
  const fresh = pods.filter((pod) => !moving.has(pod.metadata.uid) && !isTerminating(pod));
  const unready = fresh.filter((pod) => !isServing(pod));
  return {
    ready: fresh.filter(isServing),
    missing: unready[0] ? whyNotReady(unready[0]) : whyNoPod(deployment),
    serving: pods.filter((pod) => moving.has(pod.metadata.uid) && isServing(pod)),
  };
}

function whyNotReady(pod: Pod): string {
  const homeless = whyUnschedulable(pod);
  if (homeless !== undefined) return `its new pod ${podName(pod)} finds no node: ${homeless}`;
  const waiting = pod.status.containerStatuses.find(({ state }) => state.waiting?.reason)?.state;
  const { reason, message } = waiting?.waiting ?? {};
  const why = [reason, message].filter(Boolean).join(': ');
  return `its new pod ${podName(pod)} is ${pod.status.phase} and not Ready${why && ` (${why})`}`;
}

function whyNoPod({ status }: Deployment): string {
  const failure = conditionOf(status.conditions, 'ReplicaFailure');
  return failure ? `its new pod is refused: ${failure.message}` : 'its rollout goes on';
}
