import type { Pod } from '../../kubernetes/resources/pod.ts';
import { VolumeAttachment } from '../../kubernetes/resources/volume.ts';
import type { ClusterReader } from '../cluster-reader.ts';
import { listed } from '../words.ts';
import { type DrainRun, waitUntil } from './drain-run.ts';
import { volumesOfPod } from './node-local-volumes.ts';

/**
 * Waits until the volumes of the pods that left are detached; those of pods that stay may stay.
 * @returns the volumes that are still attached when the time is over
 */
export async function awaitVolumes(run: DrainRun, staying: readonly Pod[]): Promise<string[]> {
  const { cluster, clock } = run.context;
  // They cannot be selected by node: watched only where there is something to wait for.
  if ((await attachedTo(run.input.node, cluster)).length === 0) return [];
  const kept = new Set<string>();
  for (const pod of staying) {
    for (const volume of await volumesOfPod(cluster, pod)) kept.add(volume);
  }
  const since = clock.now();
  return waitUntil(run, async () => {
    const all = await attachedTo(run.input.node, run.live);
    const attached = all.filter((volume) => !kept.has(volume));
    if (attached.length === 0 || clock.now() - since > run.input.volumeTimeout) return attached;
    await run.progress.waiting('volumes', `still attached: ${listed(attached)}`);
    return undefined;
  });
}

async function attachedTo(node: string, reader: ClusterReader): Promise<string[]> {
  const attachments = await reader.list(VolumeAttachment);
  return attachments
    .filter(({ spec }) => spec.nodeName === node)
    .map(({ metadata, spec }) => spec.source.persistentVolumeName ?? metadata.name);
}
