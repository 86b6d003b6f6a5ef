import type { Cluster } from '../../kubernetes/kubernetes.ts';
import type { Deployment } from '../../kubernetes/resources/deployment.ts';
import type { Pod } from '../../kubernetes/resources/pod.ts';
import { PersistentVolumeClaim } from '../../kubernetes/resources/volume.ts';
import { conditionOf } from '../pod-state.ts';

/** Why a restart of the Deployment would not keep it up; undefined where the new pod comes before the old one goes. */
export function whyNoSurge({ metadata, spec, status }: Deployment): string | undefined {
  const { type, rollingUpdate } = spec.strategy;
  if (metadata.deletionTimestamp !== undefined) return 'it is being deleted';
  if (spec.replicas !== 1) return `it is to have ${spec.replicas} pods`;
  if (spec.paused) return 'its rollouts are paused';
  if (type !== 'RollingUpdate') return `its strategy is ${type}`;
  if (ofOne(rollingUpdate.maxUnavailable, Math.floor) > 0) {
    return `its maxUnavailable is ${rollingUpdate.maxUnavailable}, so its old pod goes first`;
  }
  if (ofOne(rollingUpdate.maxSurge, Math.ceil) < 1) {
    return `its maxSurge is ${rollingUpdate.maxSurge}, so it makes no second pod`;
  }
  const progress = conditionOf(status.conditions, 'Progressing');
  if (progress?.status === 'False') return `its last rollout is stuck (${progress.message})`;
  return undefined;
}

/** The Deployment controller rounds maxUnavailable down and maxSurge up. */
function ofOne(value: number | string, round: (share: number) => number): number {
  return typeof value === 'number' ? value : round(Number.parseFloat(value) / 100);
}

const SHARED = ['ReadWriteMany', 'ReadOnlyMany'];

/** A volume that one node alone may hold keeps the new pod from starting as long as the old one has it. */
export async function whyVolumesHold(cluster: Cluster, pod: Pod): Promise<string | undefined> {
  for (const { persistentVolumeClaim } of pod.spec.volumes) {
    if (persistentVolumeClaim === undefined) continue;
    const name = persistentVolumeClaim.claimName;
    const { namespace } = pod.metadata;
    const claim = await cluster.find(PersistentVolumeClaim, { name, namespace });
    const isShared = claim?.spec.accessModes.some((mode) => SHARED.includes(mode)) ?? false;
    if (!isShared) return `its volume ${name} can be on one node at a time`;
  }
  return undefined;
}
