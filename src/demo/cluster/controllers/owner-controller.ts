import type { Kind } from '../model/kinds.ts';
import { isTerminating, type KubeObject } from '../model/objects.ts';
import { type Controller, type ControlPlane, splitKey } from './controller.ts';
import { ownKeys } from './owner-keys.ts';

/**
 * A controller of objects that own others: acts on one when it, or what it owns, has changed, unless it is going.
 * @param act returns when to look again, in milliseconds
 */
export function ownerController<T extends KubeObject>(
  { store, timings }: ControlPlane,
  kind: Kind<T>,
  act: (owner: T) => number | undefined,
): Controller {
  return {
    delayMs: timings.controllerMs,
    kinds: [kind],
    keysOf: (change) => ownKeys(kind, change),
    reconcile: (key) => {
      const { namespace, name } = splitKey(key);
      const owner = store.get(kind, name, namespace);
      return owner === undefined || isTerminating(owner) ? undefined : act(owner);
    },
  };
}
