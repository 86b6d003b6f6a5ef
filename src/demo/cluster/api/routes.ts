import { Crd, crdName, type Kind, kinds } from '../model/kinds.ts';
import type { Store } from '../storage/store.ts';

/** What a path names: a collection, an object, or a part of an object. */
export interface Target {
  readonly kind: Kind;
  readonly namespace?: string;
  readonly name?: string;
  readonly subresource?: string;
}

const byPath = new Map(kinds.map((kind) => [`${kind.group}/${kind.version}/${kind.plural}`, kind]));

/** Custom kinds are served only where their CustomResourceDefinition exists. */
export function isServed(store: Store, kind: Kind): boolean {
  return !kind.custom || store.get(Crd, crdName(kind)) !== undefined;
}

/** Undefined where the path names nothing that this API serves. */
export function findTarget(store: Store, path: string): Target | undefined {
  const parts = path.split('/').slice(1).map(decodeURIComponent);
  const [root, ...rest] = parts;
  if (root === 'api') return inGroup(store, { group: '', version: rest[0] ?? '' }, rest.slice(1));
  if (root !== 'apis') return undefined;
  const [group = '', version = '', ...within] = rest;
  return inGroup(store, { group, version }, within);
}

function inGroup(
  store: Store,
  api: { readonly group: string; readonly version: string },
  path: readonly string[],
): Target | undefined {
  const namespaced = path[0] === 'namespaces' && path.length > 2 && !isOwnSubresource(path[2]);
  const [plural = '', name, subresource, ...extra] = namespaced ? path.slice(2) : path;
  const kind = byPath.get(`${api.group}/${api.version}/${plural}`);
  if (kind === undefined || extra.length > 0 || !isServed(store, kind)) return undefined;
  if (kind.namespaced ? name !== undefined && !namespaced : namespaced) return undefined;
  return {
    kind,
    ...(namespaced && path[1] !== undefined ? { namespace: path[1] } : {}),
    ...(name === undefined ? {} : { name }),
    ...(subresource === undefined ? {} : { subresource }),
  };
}

/** `/namespaces/x/status` is a part of the namespace, not a collection in it. */
function isOwnSubresource(part: string | undefined): boolean {
  return part === 'status' || part === 'finalize';
}
