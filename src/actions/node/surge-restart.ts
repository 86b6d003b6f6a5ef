import { z } from 'zod';
import { errorCode, errorMessage } from '../../errors.ts';
import { type Cluster, isKubernetesError } from '../../kubernetes/kubernetes.ts';
import { Deployment } from '../../kubernetes/resources/deployment.ts';
import type { Effect, ExecuteContext, Mutation } from '../action.ts';
import { isTerminating } from '../pod-state.ts';
import { findPod } from './drain-run.ts';
import { whyNoSurge } from './surge-conditions.ts';
import { effectsOnPods } from './surge-effect.ts';
import { RestartNotNeededError, RestartNotPossibleError } from './surge-errors.ts';
import { isRestartedBy, type Restart, restartPatch } from './surge-mark.ts';

/** Each is lost to a change of the spec at that very moment. */
const TRIES = 3;

/** The generation of the restarted template: what tells of an older one says nothing of this rollout. */
const Restarted = z.object({ generation: z.number() });

type Attempt =
  | { readonly status: 'restarted'; readonly generation: number }
  | { readonly status: 'not needed'; readonly why: string };

/**
 * Restarts the Deployment of an effect, once for each run.
 * @throws RestartNotPossibleError (`restart_not_possible`)
 */
export async function restartDeployment(context: ExecuteContext, effect: Effect): Promise<Attempt> {
  try {
    const mark = { runId: context.run.id, at: context.startedAt };
    const { generation } = Restarted.parse(await context.mutate(restart(effect, mark)));
    return { status: 'restarted', generation };
  } catch (error) {
    if (errorCode(error) !== 'restart_not_needed') throw error;
    return { status: 'not needed', why: errorMessage(error) };
  }
}

export function restart(effect: Effect, mark: Restart): Mutation {
  return {
    effect,
    async act(cluster) {
      for (let tries = 1; tries <= TRIES; tries += 1) {
        const deployment = await restartable(cluster, effect);
        const restarted = isRestartedBy(deployment, mark.runId)
          ? deployment
          : await patched(cluster, deployment, mark);
        if (restarted !== undefined) return toResult(restarted);
      }
      throw new RestartNotPossibleError(deploymentText(effect), 'and it goes on changing');
    },
    async observe(cluster) {
      const deployment = await findDeployment(cluster, effect);
      return deployment !== undefined && isRestartedBy(deployment, mark.runId)
        ? { happened: true, result: toResult(deployment) }
        : { happened: false };
    },
  };
}

function toResult({ metadata }: Deployment): z.infer<typeof Restarted> {
  return { generation: metadata.generation ?? 0 };
}

/** Undefined where it has changed since it was looked at. */
async function patched(
  cluster: Cluster,
  deployment: Deployment,
  mark: Restart,
): Promise<Deployment | undefined> {
  const body = restartPatch(deployment, mark);
  try {
    const { metadata } = deployment;
    return await cluster.patch(Deployment, metadata, { patch: { type: 'json', body } });
  } catch (error) {
    // 422: a `test` of the patch does not hold, so its spec has changed since we looked.
    if (isKubernetesError(error) && error.status === 422) return undefined;
    throw error;
  }
}

/** The very Deployment of an effect: one of the same name and another UID is not it. */
async function findDeployment(
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
  for (const ofPod of effectsOnPods(effect)) {
    const pod = await findPod({ cluster }, ofPod);
    if (pod !== undefined && !isTerminating(pod)) return true;
  }
  return false;
}

export function deploymentText({ object }: Effect): string {
  return `${object.namespace}/${object.name}`;
}
