import { type Kind, Pod as PodKind, ResourceQuota } from '../model/kinds.ts';
import type { KubeObject } from '../model/objects.ts';
import type { Quantities, Quota } from '../model/policy-schemas.ts';
import { formatQuantity, parseQuantity } from '../model/quantities.ts';
import type { Pod } from '../model/schemas.ts';
import { forbidden } from '../registry/api-error.ts';
import type { Store } from '../storage/store.ts';
import { type Usage, unspecified, usageOf } from './quota-usage.ts';

interface Charge {
  readonly kind: Kind;
  readonly object: KubeObject;
  /** What is replaced: only the difference is charged. */
  readonly before?: KubeObject;
  readonly dryRun: boolean;
}

/**
 * Takes what the object needs from every quota of its namespace, or from none.
 * @throws ApiError 403 where one of them has not enough left, does not know yet what it has, or asks for more to be said
 */
export function chargeQuotas(store: Store, charge: Charge): void {
  const { kind, object, before, dryRun } = charge;
  const { namespace, name } = object.metadata;
  if (namespace === undefined) return;
  const quotas = store.list(ResourceQuota, namespace);
  if (quotas.length === 0) return;
  const added = difference(usageOf(kind, object), before && usageOf(kind, before));
  const charged = quotas.map((quota) => {
    const open = kind.kind === PodKind.kind ? unspecified(object as Pod, hardNames(quota)) : [];
    if (open.length > 0) {
      const why = `failed quota: ${quota.metadata.name}: must specify ${open.join('; ')}`;
      throw forbidden(kind, name, why);
    }
    const names = hardNames(quota).filter((each) => (added.get(each) ?? 0) !== 0);
    const refusal = refusalOf(quota, names, added);
    if (refusal !== undefined) throw forbidden(kind, name, refusal);
    return { quota, names };
  });
  if (dryRun) return;
  for (const { quota, names } of charged) take(store, quota, { names, added });
}

function hardNames(quota: Quota): string[] {
  return Object.keys(quota.spec?.hard ?? {}).sort();
}

function difference(after: Usage, before: Usage | undefined): Usage {
  if (before === undefined) return after;
  return new Map([...after].map(([name, amount]) => [name, amount - (before.get(name) ?? 0)]));
}

function refusalOf(quota: Quota, names: readonly string[], added: Usage): string | undefined {
  const { hard, used } = quota.status ?? {};
  const { name } = quota.metadata;
  if (names.length > 0 && (hard === undefined || used === undefined)) {
    return `status unknown for quota: ${name}, resources: ${names.join(',')}`;
  }
  const over = names.filter((each) => {
    const amount = added.get(each) ?? 0;
    return amount > 0 && parseQuantity(used?.[each]) + amount > parseQuantity(hard?.[each]);
  });
  if (over.length === 0) return undefined;
  const list = (values: Quantities | undefined) =>
    over.map((each) => `${each}=${values?.[each] ?? '0'}`).join(',');
  const requested = Object.fromEntries(
    over.map((each) => [each, formatQuantity(each, added.get(each) ?? 0)]),
  );
  return `exceeded quota: ${name}, requested: ${list(requested)}, used: ${list(used)}, limited: ${list(hard)}`;
}

function take(
  store: Store,
  quota: Quota,
  charge: { readonly names: readonly string[]; readonly added: Usage },
): void {
  store.change(quota, (draft) => {
    const used = { ...draft.status?.used };
    for (const name of charge.names) {
      const sum = parseQuantity(used[name]) + (charge.added.get(name) ?? 0);
      used[name] = formatQuantity(name, sum);
    }
    draft.status = { ...draft.status, used };
  });
}
