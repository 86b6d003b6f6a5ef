import {
  VolumeClaim as ClaimKind,
  Namespace as NamespaceKind,
  Node as NodeKind,
  Pod as PodKind,
  Volume as VolumeKind,
} from '../model/kinds.ts';
import type { Store } from '../storage/store.ts';
import { type AssignedPods, assignedNode } from './assigned-pods.ts';
import type { BoundVolume, ClusterView } from './filter.ts';
import { meetsOne } from './node-affinity.ts';

/** The cluster as it is now; good for one pod. */
export function viewOf(store: Store, assigned: AssignedPods): ClusterView {
  return {
    nodes: store.list(NodeKind),
    assigned,
    node: (name) => store.get(NodeKind, name),
    podsOn: (node) =>
      store.podsOnNode(PodKind, node).filter((pod) => assignedNode(pod) !== undefined),
    assignedIn: (namespace) =>
      store.list(PodKind, namespace).filter((pod) => assignedNode(pod) !== undefined),
    siblings: (owner) => store.ownedBy(PodKind, owner),
    namespaces: (fits) =>
      store
        .list(NamespaceKind)
        .filter(({ metadata }) => fits(metadata.labels ?? {}))
        .map(({ metadata }) => metadata.name),
    volume: (namespace, claim) => volumeOf(store, namespace, claim),
  };
}

function volumeOf(store: Store, namespace: string, name: string): BoundVolume {
  const claim = store.get(ClaimKind, name, namespace);
  if (claim === undefined) return { status: 'missing' };
  const { volumeName, accessModes = [] } = claim.spec;
  if (volumeName === undefined) return { status: 'unbound' };
  const volume = store.get(VolumeKind, volumeName);
  if (volume === undefined) return { status: 'lost', volumeName };
  const required = volume.spec.nodeAffinity?.required;
  return {
    status: 'bound',
    oncePerCluster: accessModes.includes('ReadWriteOncePod'),
    mayBeOn: (node) => required === undefined || meetsOne(required, node),
  };
}
