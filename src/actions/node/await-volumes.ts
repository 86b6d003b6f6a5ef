import type { Pod } from '../../kubernetes/resources/pod.ts';
import { VolumeAttachment } from '../../kubernetes/resources/volume.ts';
import { listed } from '../words.ts';
import { checkpoint, type DrainRun, sleep } from './drain-run.ts';
import { volumesOfPod } from './node-local-volumes.ts';

const LOOK_AGAIN_MS = 2_000;

/**
 * Waits until the volumes of the pods that left are detached; those of pods that stay may stay.
 * @returns the volumes that are still attached when the time is over
 */
export async function awaitVolumes(run: DrainRun, staying: readonly Pod[]): Promise<string[]> {
  const { cluster, clock } = run.context;
  const kept = new Set<string>();
  for (const pod of staying) {
    for (const volume of await volumesOfPod(cluster, pod)) kept.add(volume);
  }
  const since = clock.now();
  for (;;) {
    await checkpoint(run);
    const attached = (await attachedTo(run)).filter((volume) => !kept.has(volume));
    if (attached.length === 0 || clock.now() - since > run.input.volumeTimeout) return attached;
    await run.progress.waiting('volumes', `still attached: ${listed(attached)}`);
    await sleep(run, LOOK_AGAIN_MS);
  }
}

async function attachedTo({ context, input }: DrainRun): Promise<string[]> {
  const attachments = await context.cluster.list(VolumeAttachment);
  return attachments
    .filter(({ spec }) => spec.nodeName === input.node)
    .map(({ metadata, spec }) => spec.source.persistentVolumeName ?? metadata.name);
}
