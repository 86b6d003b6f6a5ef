import { KubeletState as StateKind } from '../model/kinds.ts';
import type { KubeletState } from '../model/kubelet-schemas.ts';
import type { Store } from '../storage/store.ts';

/** What the kubelet of a node is like: stored with the world, so that a dead one stays dead over a restart. */
export function kubeletState(store: Store, node: string): KubeletState['spec'] {
  return store.get(StateKind, node)?.spec ?? { dead: false, conditions: [] };
}

export function changeKubelet(
  store: Store,
  node: string,
  change: (state: KubeletState['spec']) => void,
): void {
  const spec = structuredClone(kubeletState(store, node));
  change(spec);
  store.put({
    apiVersion: 'simulation/v1',
    kind: StateKind.kind,
    metadata: { name: node, uid: `kubelet-${node}`, creationTimestamp: '' },
    spec,
  });
}
