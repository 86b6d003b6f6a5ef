import type { Kind } from '../model/kinds.ts';
import { controllerOf, type KubeObject } from '../model/objects.ts';
import type { Change } from '../storage/history.ts';
import { keyOf, objectKey } from '../storage/store.ts';

/** The key of the changed object if it is of this kind, else of its controller if that is. */
export function ownKeys(kind: Kind, change: Change): string[] {
  const objects: KubeObject[] = [change.object];
  if (change.before !== undefined) objects.push(change.before);
  const keys = objects.map((object) => {
    if (object.kind === kind.kind) return keyOf(object);
    const owner = controllerOf(object);
    if (owner?.kind !== kind.kind) return undefined;
    return objectKey(owner.name, object.metadata.namespace);
  });
  return [...new Set(keys.filter((key) => key !== undefined))];
}
