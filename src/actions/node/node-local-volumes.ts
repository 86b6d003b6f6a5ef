import type { Cluster } from '../../kubernetes/kubernetes.ts';
import type { Pod, Volume } from '../../kubernetes/resources/pod.ts';
import { PersistentVolume, PersistentVolumeClaim } from '../../kubernetes/resources/volume.ts';

/** The names of the claims that a pod mounts; an ephemeral volume has one named after pod and volume. */
function claimsOfPod(pod: Pod): string[] {
  return pod.spec.volumes.flatMap((volume) => {
    if (volume.persistentVolumeClaim !== undefined) return [volume.persistentVolumeClaim.claimName];
    return volume.ephemeral === undefined ? [] : [`${pod.metadata.name}-${volume.name}`];
  });
}

/** The volumes that are bound to the claims of a pod, by name. */
export async function volumesOfPod(cluster: Cluster, pod: Pod): Promise<string[]> {
  const names: string[] = [];
  for (const name of claimsOfPod(pod)) {
    const claim = await cluster.find(PersistentVolumeClaim, {
      name,
      namespace: pod.metadata.namespace,
    });
    if (claim?.spec.volumeName !== undefined) names.push(claim.spec.volumeName);
  }
  return names;
}

/** What of a pod's storage lives on the disk of its node, in words. */
export async function nodeLocalVolumes(cluster: Cluster, pod: Pod): Promise<string[]> {
  const local = pod.spec.volumes.flatMap(hostPathText);
  for (const name of await volumesOfPod(cluster, pod)) {
    const volume = await cluster.find(PersistentVolume, { name });
    if (volume?.spec.local === undefined && volume?.spec.hostPath === undefined) continue;
    local.push(`PersistentVolume ${name} on the node's own disk`);
  }
  return local;
}

function hostPathText({ hostPath }: Volume): string[] {
  return hostPath === undefined ? [] : [`hostPath ${hostPath.path}`];
}
