import type { Pod } from '../../kubernetes/resources/pod.ts';
import type { Effect } from '../action.ts';
import { durationInWords } from '../words.ts';
import { PodStuckError } from './drain-errors.ts';
import { type DrainRun, podText, waitUntil } from './drain-run.ts';
import { readinessOfNode } from './node-state.ts';

/** Beyond the pod's own grace period. */
const HEADROOM_MS = 60_000;
/** Nobody confirms a deletion on a node whose kubelet is dead; a moment is given for it to be alive after all. */
const DEAD_KUBELET_MS = 10_000;

/**
 * Waits until an evicted pod has left. `stuck` where its kubelet is dead: then only the end of the machine frees it.
 * @throws PodStuckError (`pod_stuck`) where the kubelet lives
 */
export function awaitGone(
  run: DrainRun,
  effect: Pick<Effect, 'object'>,
): Promise<'gone' | 'stuck'> {
  const { clock } = run.context;
  const since = clock.now();
  return waitUntil(run, async () => {
    const pod = await run.view.pod(effect);
    if (pod === undefined) return 'gone';
    const waited = clock.now() - since;
    if (waited > DEAD_KUBELET_MS && (await isKubeletDead(run))) return 'stuck';
    const limit = graceMs(pod) + HEADROOM_MS;
    if (waited > limit) {
      throw new PodStuckError(podText(effect), { waited, finalizers: pod.metadata.finalizers });
    }
    await run.progress.waiting(podText(effect), `is ending (up to ${durationInWords(limit)})`);
    return undefined;
  });
}

async function isKubeletDead({ view }: DrainRun): Promise<boolean> {
  const node = await view.node();
  return node === undefined || readinessOfNode(node) === 'Unknown';
}

function graceMs({ metadata, spec }: Pod): number {
  return (metadata.deletionGracePeriodSeconds ?? spec.terminationGracePeriodSeconds) * 1000;
}
