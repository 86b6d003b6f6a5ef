import type { Node, Pod } from '../model/schemas.ts';
import { type BoundVolume, type FilterRule, hopeless, preemptible } from './filter.ts';

const elsewhere = hopeless("node(s) didn't match PersistentVolume's node affinity");
const inUse = preemptible(
  'node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode',
);

type Bound = Extract<BoundVolume, { status: 'bound' }>;

/** Where the volumes of the pod's claims can be reached: those of a zone in it, local ones on their node alone. */
export const volumeBinding: FilterRule = {
  reliefs: ['node', 'volume'],
  prepare: (pod, cluster) => {
    const bound: Bound[] = [];
    for (const claim of claimsOf(pod)) {
      const volume = cluster.volume(pod.metadata.namespace ?? '', claim);
      if (volume.status !== 'bound') return whyUnbound(claim, volume);
      bound.push(volume);
    }
    if (bound.length === 0) return undefined;
    return (node: Node) => (bound.every((volume) => volume.mayBeOn(node)) ? undefined : elsewhere);
  },
};

function whyUnbound(claim: string, volume: Exclude<BoundVolume, Bound>): string {
  switch (volume.status) {
    case 'missing':
      return `persistentvolumeclaim "${claim}" not found`;
    case 'lost':
      return `persistentvolumeclaim "${claim}" bound to non-existent persistentvolume "${volume.volumeName}"`;
    case 'unbound':
      return 'pod has unbound immediate PersistentVolumeClaims';
  }
}

/** ReadWriteOncePod: no second pod may use the claim, on whatever node. */
export const volumeRestrictions: FilterRule = {
  reliefs: ['pod-gone', 'volume'],
  prepare: (pod, cluster) => {
    const namespace = pod.metadata.namespace ?? '';
    const alone = claimsOf(pod).filter((claim) => {
      const volume = cluster.volume(namespace, claim);
      return volume.status === 'bound' && volume.oncePerCluster;
    });
    if (alone.length === 0) return undefined;
    const taken = cluster
      .assignedIn(namespace)
      .some((other) => claimsOf(other).some((claim) => alone.includes(claim)));
    return taken ? () => inUse : undefined;
  },
};

function claimsOf({ spec }: Pod): string[] {
  return (spec.volumes ?? [])
    .map(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName)
    .filter((claim) => claim !== undefined);
}
