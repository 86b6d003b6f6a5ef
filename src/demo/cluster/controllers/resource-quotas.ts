import { isCounted, usageOf } from '../admission/quota-usage.ts';
import { kinds, ResourceQuota } from '../model/kinds.ts';
import { isTerminating } from '../model/objects.ts';
import type { Quota } from '../model/policy-schemas.ts';
import { formatQuantity } from '../model/quantities.ts';
import { keyOf, type Store } from '../storage/store.ts';
import { type Controller, type ControlPlane, splitKey } from './controller.ts';

/** Counts what of each quota is in use, when something in its namespace has come, changed or gone. */
export function createResourceQuotas(plane: ControlPlane): Controller {
  const { store, timings } = plane;
  return {
    delayMs: timings.controllerMs,
    kinds: [ResourceQuota],
    keysOf: ({ object }) => {
      if (object.kind === ResourceQuota.kind) return [keyOf(object)];
      const { namespace } = object.metadata;
      return namespace === undefined ? [] : store.list(ResourceQuota, namespace).map(keyOf);
    },
    reconcile: (key) => {
      const { namespace, name } = splitKey(key);
      const quota = store.get(ResourceQuota, name, namespace);
      if (quota !== undefined && !isTerminating(quota)) count(store, quota);
      return undefined;
    },
  };
}

function count(store: Store, quota: Quota): void {
  const { hard = {} } = quota.spec ?? {};
  const names = Object.keys(hard).sort();
  const sums = new Map(names.map((name) => [name, 0]));
  const counted = kinds.filter((kind) => kind.namespaced && isCounted(kind, names));
  for (const kind of counted) {
    for (const object of store.list(kind, quota.metadata.namespace)) {
      const usage = usageOf(kind, object);
      for (const [name, sum] of sums) sums.set(name, sum + (usage.get(name) ?? 0));
    }
  }
  const used = Object.fromEntries(
    [...sums].map(([name, sum]) => [name, formatQuantity(name, sum)]),
  );
  store.change(quota, (draft) => {
    draft.status = { hard, used };
  });
}
