import type { Machine, NodeClaim } from '../model/machine-schemas.ts';
import type { KubeObject } from '../model/objects.ts';
import type { Store } from '../storage/store.ts';

/** The node that a machine or claim has, or will have. */
export function nodeNameOf({ metadata, status }: Machine | NodeClaim): string {
  const { nodeRef, nodeName } = status ?? {};
  const joined = (nodeRef as { name?: string } | undefined)?.name ?? nodeName;
  return typeof joined === 'string'
    ? joined
    : (metadata.annotations?.['simulation/node-name'] ?? metadata.name);
}

/** So that its end can be seen to. Returns whether it had to be written. */
export function ensureFinalizer(store: Store, object: KubeObject, finalizer: string): boolean {
  const before = object.metadata.finalizers ?? [];
  if (before.includes(finalizer)) return false;
  store.change(object, (draft) => {
    draft.metadata.finalizers = [...before, finalizer];
  });
  return true;
}
