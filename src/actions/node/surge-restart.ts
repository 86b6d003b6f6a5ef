import { type Cluster, isKubernetesError } from '../../kubernetes/kubernetes.ts';
import { Deployment } from '../../kubernetes/resources/deployment.ts';
import { Pod } from '../../kubernetes/resources/pod.ts';
import type { Effect, Mutation } from '../action.ts';
import { isTerminating } from '../pod-state.ts';
import { whyNoSurge } from './surge-conditions.ts';
import { restartedPods } from './surge-effect.ts';
import { RestartNotNeededError, RestartNotPossibleError } from './surge-errors.ts';
import { isRestartedBy, type Restart, restartPatch } from './surge-mark.ts';

/** Each is lost to a change of the spec at that very moment. */
const TRIES = 3;

/**
 * Restarts the Deployment of an effect, once for each run.
 * @throws RestartNotNeededError (`restart_not_needed`), RestartNotPossibleError (`restart_not_possible`)
 */
export function restart(effect: Effect, mark: Restart): Mutation {
  return {
    effect,
    async act(cluster) {
      for (let tries = 1; tries <= TRIES; tries += 1) {
        const deployment = await restartable(cluster, effect);
        if (isRestartedBy(deployment, mark.runId)) return {};
        if (await isPatched(cluster, deployment, mark)) return {};
      }
      throw new RestartNotPossibleError(deploymentText(effect), 'and it goes on changing');
    },
    async observe(cluster) {
      const deployment = await findDeployment(cluster, effect);
      return { happened: deployment !== undefined && isRestartedBy(deployment, mark.runId) };
    },
  };
}

async function isPatched(
  cluster: Cluster,
  deployment: Deployment,
  mark: Restart,
): Promise<boolean> {
  const body = restartPatch(deployment, mark);
  try {
    await cluster.patch(Deployment, deployment.metadata, { patch: { type: 'json', body } });
    return true;
  } catch (error) {
    // 422: a `test` of the patch does not hold, so its spec has changed since we looked.
    if (isKubernetesError(error) && error.status === 422) return false;
    throw error;
  }
}

/** The very Deployment of an effect: one of the same name and another UID is not it. */
export async function findDeployment(
  cluster: Cluster,
  { object }: Effect,
): Promise<Deployment | undefined> {
  const deployment = await cluster.find(Deployment, object);
  return deployment?.metadata.uid === object.uid ? deployment : undefined;
}

async function restartable(cluster: Cluster, effect: Effect): Promise<Deployment> {
  const name = deploymentText(effect);
  const deployment = await findDeployment(cluster, effect);
  if (deployment === undefined) throw new RestartNotNeededError(name, 'it is gone');
  if (!(await hasPodsLeft(cluster, effect))) {
    throw new RestartNotNeededError(name, 'its pod has left already');
  }
  const why = whyNoSurge(deployment);
  if (why !== undefined) throw new RestartNotPossibleError(name, why);
  return deployment;
}

async function hasPodsLeft(cluster: Cluster, effect: Effect): Promise<boolean> {
  for (const { name, uid } of restartedPods(effect)) {
    const pod = await cluster.find(Pod, { name, namespace: effect.object.namespace });
    if (pod !== undefined && pod.metadata.uid === uid && !isTerminating(pod)) return true;
  }
  return false;
}

export function deploymentText({ object }: Effect): string {
  return `${object.namespace}/${object.name}`;
}
