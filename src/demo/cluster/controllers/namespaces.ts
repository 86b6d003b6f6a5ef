import { type Kind, kinds, Namespace } from '../model/kinds.ts';
import { isTerminating } from '../model/objects.ts';
import { deleteObject } from '../registry/deletion.ts';
import type { Store } from '../storage/store.ts';
import type { Controller, ControlPlane } from './controller.ts';

/** Empties a namespace that is being deleted, then lets it go. */
export function createNamespaces(plane: ControlPlane): Controller {
  const { store, timings } = plane;
  const inside = kinds.filter((kind) => kind.namespaced);
  return {
    delayMs: timings.controllerMs,
    kinds: [Namespace],
    keysOf: (change) =>
      change.object.kind === Namespace.kind ? [change.object.metadata.name] : [],
    reconcile: (name) => {
      const namespace = store.get(Namespace, name);
      if (namespace === undefined || !isTerminating(namespace)) return undefined;
      for (const kind of inside) empty(store, kind, name);
      const isEmpty = inside.every((kind) => store.list(kind, name).length === 0);
      if (!isEmpty) return timings.controllerMs * 2;
      store.remove(namespace);
      return undefined;
    },
  };
}

function empty(store: Store, kind: Kind, namespace: string): void {
  for (const object of store.list(kind, namespace)) {
    if (!isTerminating(object)) deleteObject(store, { kind, object });
  }
}
