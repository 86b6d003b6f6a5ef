import type { Effect } from '../action.ts';
import { isTerminating } from '../pod-state.ts';
import { listed } from '../words.ts';
import { awaitGone } from './await-gone.ts';
import { checkCordon } from './check-cordon.ts';
import { checkpoint, type DrainRun, podText, stopOnError, waitUntil } from './drain-run.ts';
import { effectsOnPods, isRestart } from './surge-effect.ts';
import { PodNotMovedError } from './surge-errors.ts';
import { deploymentText, restartDeployment } from './surge-restart.ts';
import { awaitRollout } from './surge-rollout.ts';

/** From the end of a rollout; and from the end of its Deployment, which the garbage collector follows up. */
const TOLD_WITHIN_MS = 60_000;

/**
 * Before anything is evicted: has each Deployment with one pod bring a new one up elsewhere. As many at once as pods may
 * leave at once. Safe to run again at any point.
 * @returns the restarts that were needed
 */
export async function surgeFirst(run: DrainRun): Promise<Effect[]> {
  const effects = run.context.approved.filter(isRestart);
  const ends = await Promise.allSettled(
    effects.map((effect) => run.slots(() => stopOnError(run, () => moveByRestart(run, effect)))),
  );
  // With the first failure as its reason: by now none of the others is under way any more.
  run.signal.throwIfAborted();
  return effects.filter((_, index) => {
    const end = ends[index];
    return end?.status === 'fulfilled' && end.value === 'restarted';
  });
}

async function moveByRestart(run: DrainRun, effect: Effect): Promise<'restarted' | 'not needed'> {
  const { context } = run;
  await checkCordon(run);
  await sayOfPods(run, effect, 'is being replaced by a restart');
  await checkpoint(run);
  const attempt = await restartDeployment(context, effect);
  const isRestarted = attempt.status === 'restarted';
  const text = isRestarted ? await rolledOut(run, effect, attempt.generation) : attempt.why;
  for (const ofPod of effectsOnPods(effect)) await awaitPodGone(run, ofPod, effect);
  await context.tell({ key: `restarted-${effect.object.uid}`, text });
  return attempt.status;
}

/** In words, once it is. */
async function rolledOut(run: DrainRun, effect: Effect, generation: number): Promise<string> {
  const nodes = await awaitRollout(run, effect, generation);
  const where = nodes.length > 0 ? `: its new pod is Ready on ${listed(nodes)}` : '';
  return `restarted Deployment ${deploymentText(effect)}${where}`;
}

async function sayOfPods({ progress }: DrainRun, effect: Effect, text: string): Promise<void> {
  for (const ofPod of effectsOnPods(effect)) await progress.waiting(podText(ofPod), text);
}

/**
 * With the rollout its old pod is told to go; that takes its grace period.
 * @throws PodNotMovedError (`pod_not_moved`)
 */
async function awaitPodGone(run: DrainRun, ofPod: Effect, restart: Effect): Promise<void> {
  const { clock } = run.context;
  const since = clock.now();
  await waitUntil(run, async () => {
    const pod = await run.view.pod(ofPod);
    if (pod === undefined || isTerminating(pod)) return true;
    if (clock.now() - since <= TOLD_WITHIN_MS) return undefined;
    throw new PodNotMovedError(podText(ofPod), deploymentText(restart));
  });
  await awaitGone(run, ofPod);
  await run.progress.left(podText(ofPod));
}
