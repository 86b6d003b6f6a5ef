import type { PodState, PodView } from '../workspace/page-server/cluster-view.ts';
import type { SeenPod } from './seen-objects.ts';

/** What a pod is doing, in the panel's words. */
export function podState({ metadata, spec, status }: SeenPod): PodState {
  if (status.phase === 'Succeeded') return 'done';
  if (status.phase === 'Failed') return 'failed';
  if (metadata.deletionTimestamp !== undefined) return 'leaving';
  if (spec.nodeName === undefined) return 'waiting';
  const isReady = status.conditions.some(
    ({ type, status: is }) => type === 'Ready' && is === 'True',
  );
  if (isReady) return 'running';
  return status.phase === 'Pending' || !hasStarted(status.containerStatuses)
    ? 'starting'
    : 'not ready';
}

export function podView(pod: SeenPod): PodView {
  const { uid, namespace, name } = pod.metadata;
  const workload = workloadOf(pod);
  return {
    id: uid,
    name: `${namespace}/${name}`,
    state: podState(pod),
    ...(workload === undefined ? {} : { workload: `${namespace}/${workload}` }),
    ...(isBound(pod) ? { stays: true } : {}),
  };
}

function hasStarted(containers: SeenPod['status']['containerStatuses']): boolean {
  return containers.length > 0 && containers.every(({ started }) => started === true);
}

/** The name that stays the same while pods come and go: a ReplicaSet's is that of its Deployment. */
function workloadOf({ metadata }: SeenPod): string | undefined {
  const owner = metadata.ownerReferences.find(({ controller }) => controller === true);
  const hash = metadata.labels['pod-template-hash'];
  if (owner === undefined || owner.kind === 'Node') return undefined;
  return hash === undefined ? owner.name : owner.name.replace(`-${hash}`, '');
}

/** DaemonSets put a pod on each node, and mirror pods are the node's own. */
function isBound({ metadata }: SeenPod): boolean {
  return metadata.ownerReferences.some(({ kind }) => kind === 'DaemonSet' || kind === 'Node');
}
