import { Namespace, ServiceAccount } from '../model/kinds.ts';
import { isTerminating } from '../model/objects.ts';
import { type Controller, type ControlPlane, splitKey } from './controller.ts';

/** Every namespace has a service account named default. */
export function createServiceAccounts(plane: ControlPlane): Controller {
  const { store, registry, timings } = plane;
  return {
    delayMs: timings.controllerMs,
    kinds: [Namespace],
    keysOf: ({ object }) => {
      if (object.kind === Namespace.kind) return [`${object.metadata.name}/default`];
      const isOurs = object.kind === ServiceAccount.kind && object.metadata.name === 'default';
      return isOurs ? [`${object.metadata.namespace}/default`] : [];
    },
    reconcile: (key) => {
      const { namespace, name } = splitKey(key);
      const home = store.get(Namespace, namespace);
      if (home === undefined || isTerminating(home)) return undefined;
      if (store.get(ServiceAccount, name, namespace) !== undefined) return undefined;
      const manifest = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name } };
      registry.create(ServiceAccount, manifest, { namespace });
      return undefined;
    },
  };
}
