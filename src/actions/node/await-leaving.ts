import { errorCode } from '../../errors.ts';
import type { Pod } from '../../kubernetes/resources/pod.ts';
import { podName } from '../pod-state.ts';
import { awaitGone } from './await-gone.ts';
import { whyStuck } from './drain-errors.ts';
import type { DrainRun } from './drain-run.ts';
import { readinessOfNode } from './node-state.ts';

/**
 * Pods that were on their way out before the drain are not evicted, and have their grace period all the same: a machine
 * that is replaced would cut it short.
 * @returns those that do not go, and why
 */
export async function awaitLeaving(run: DrainRun, leaving: readonly Pod[]): Promise<string[]> {
  const node = await run.view.node();
  const isKubeletDead = node === undefined || readinessOfNode(node) === 'Unknown';
  if (isKubeletDead) {
    return leaving.map((pod) => `${podName(pod)} is Terminating until the machine is gone`);
  }
  const stuck = await Promise.all(
    leaving.map(async (pod) => ((await isGone(run, pod)) ? [] : [stuckText(pod)])),
  );
  return stuck.flat();
}

async function isGone(run: DrainRun, { metadata }: Pod): Promise<boolean> {
  const { namespace = 'default', name, uid } = metadata;
  try {
    return (await awaitGone(run, { object: { kind: 'Pod', namespace, name, uid } })) === 'gone';
  } catch (error) {
    // Nothing of this drain waits for it: it is told at the end.
    if (errorCode(error) === 'pod_stuck') return false;
    throw error;
  } finally {
    await run.progress.forget(`${namespace}/${name}`);
  }
}

function stuckText(pod: Pod): string {
  return `${podName(pod)} is still Terminating: ${whyStuck(pod.metadata.finalizers)}`;
}
