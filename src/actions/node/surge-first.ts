import type { Effect } from '../action.ts';
import { mutateUnless } from '../mutate-unless.ts';
import { isTerminating } from '../pod-state.ts';
import { listed } from '../words.ts';
import { awaitGone } from './await-gone.ts';
import { checkCordon } from './check-cordon.ts';
import { checkpoint, type DrainRun, findPod, sleep, stopOnError } from './drain-run.ts';
import { isRestart, restartedPods } from './surge-effect.ts';
import { RolloutTimeoutError } from './surge-errors.ts';
import { deploymentText, findDeployment, restart } from './surge-restart.ts';
import { isRolledOut, rolloutPods } from './surge-rollout.ts';

const LOOK_AGAIN_MS = 1_000;

/**
 * Before anything is evicted: has each Deployment with one pod bring a new one up elsewhere. As many at once as pods may
 * leave at once. Safe to run again at any point.
 * @returns how many Deployments were restarted
 */
export async function surgeFirst(run: DrainRun): Promise<number> {
  const effects = run.context.approved.filter(isRestart);
  const ends = await Promise.allSettled(
    effects.map((effect) => run.slots(() => stopOnError(run, () => moveByRestart(run, effect)))),
  );
  // With the first failure as its reason: by now none of the others is under way any more.
  run.signal.throwIfAborted();
  return ends.filter((end) => end.status === 'fulfilled' && end.value).length;
}

/** Whether it was restarted. */
async function moveByRestart(run: DrainRun, effect: Effect): Promise<boolean> {
  const { context } = run;
  const name = deploymentText(effect);
  await checkCordon(run);
  await run.progress.waiting(name, 'is being restarted');
  await checkpoint(run);
  const mutation = restart(effect, { runId: context.run.id, at: context.startedAt });
  const notNeeded = await mutateUnless(context, mutation, { code: 'restart_not_needed' });
  const nodes = notNeeded === undefined ? await awaitRollout(run, effect) : [];
  await awaitPodsGone(run, effect);
  await run.progress.left(name);
  const where = nodes.length > 0 ? `: its new pod is Ready on ${listed(nodes)}` : '';
  const text = notNeeded ?? `restarted Deployment ${name}${where}`;
  await context.tell({ key: `restarted-${effect.object.uid}`, text });
  return notNeeded === undefined;
}

/**
 * @returns the nodes on which its pods are Ready now
 * @throws RolloutTimeoutError (`rollout_timeout`)
 */
async function awaitRollout(run: DrainRun, effect: Effect): Promise<string[]> {
  const { clock, cluster } = run.context;
  const since = clock.now();
  const moving = new Set(restartedPods(effect).map(({ uid }) => uid));
  for (;;) {
    await checkpoint(run);
    const deployment = await findDeployment(cluster, effect);
    if (deployment === undefined) return [];
    const { ready, missing, serving } = await rolloutPods(cluster, deployment, moving);
    if (isRolledOut(deployment)) return ready.flatMap(({ spec }) => spec.nodeName ?? []);
    const waited = clock.now() - since;
    if (waited > run.input.podTimeout) {
      const still =
        serving.length > 0
          ? 'the old pod still serves, nothing was lost'
          : 'the old pod is there, but not Ready either';
      throw new RolloutTimeoutError(deploymentText(effect), { waited, reason: missing, still });
    }
    await run.progress.waiting(deploymentText(effect), `is restarted; ${missing}`);
    await sleep(run, LOOK_AGAIN_MS);
  }
}

/** With the rollout its old pod is told to go; that takes its grace period. */
async function awaitPodsGone(run: DrainRun, effect: Effect): Promise<void> {
  const { namespace = 'default' } = effect.object;
  for (const { name, uid } of restartedPods(effect)) {
    const ofPod: Effect = { ...effect, object: { kind: 'Pod', namespace, name, uid } };
    const pod = await findPod(run.context, ofPod);
    if (pod !== undefined && isTerminating(pod)) await awaitGone(run, ofPod);
  }
}
