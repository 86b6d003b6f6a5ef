import { Node } from '../../kubernetes/resources/node.ts';
import type { Pod } from '../../kubernetes/resources/pod.ts';
import type { Effect } from '../action.ts';
import { durationInWords } from '../words.ts';
import { PodStuckError } from './drain-errors.ts';
import { checkpoint, type DrainRun, findPod, podText, sleep } from './drain-run.ts';
import { readinessOfNode } from './node-state.ts';

const LOOK_AGAIN_MS = 1_000;
/** Beyond the pod's own grace period. */
const HEADROOM_MS = 60_000;
/** Nobody confirms a deletion on a node whose kubelet is dead; a moment is given for it to be alive after all. */
const DEAD_KUBELET_MS = 10_000;

/**
 * Waits until an evicted pod has left. `stuck` where its kubelet is dead: then only the end of the machine frees it.
 * @throws PodStuckError (`pod_stuck`) where the kubelet lives
 */
export async function awaitGone(run: DrainRun, effect: Effect): Promise<'gone' | 'stuck'> {
  const since = run.context.clock.now();
  for (;;) {
    await checkpoint(run);
    const pod = await findPod(run.context, effect);
    if (pod === undefined) return 'gone';
    const waited = run.context.clock.now() - since;
    if (waited > DEAD_KUBELET_MS && (await isKubeletDead(run))) return 'stuck';
    const limit = graceMs(pod) + HEADROOM_MS;
    if (waited > limit) {
      throw new PodStuckError(podText(effect), { waited, finalizers: pod.metadata.finalizers });
    }
    await run.progress.waiting(podText(effect), `is ending (up to ${durationInWords(limit)})`);
    await sleep(run, LOOK_AGAIN_MS);
  }
}

async function isKubeletDead({ context, input }: DrainRun): Promise<boolean> {
  const node = await context.cluster.find(Node, { name: input.node });
  return node === undefined || readinessOfNode(node) === 'Unknown';
}

function graceMs({ metadata, spec }: Pod): number {
  return (metadata.deletionGracePeriodSeconds ?? spec.terminationGracePeriodSeconds) * 1000;
}
