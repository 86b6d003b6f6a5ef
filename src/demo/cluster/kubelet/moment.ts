import type { Node } from '../model/schemas.ts';
import type { Store } from '../storage/store.ts';

/** Where a pod is, and since when what is said of it holds. */
export interface Moment {
  readonly hostIP: string;
  readonly at: string;
}

export function momentOn(store: Store, node: Node): Moment {
  return { hostIP: hostIp(node), at: store.timestamp() };
}

function hostIp(node: Node): string {
  const addresses = node.status?.['addresses'];
  if (!Array.isArray(addresses)) return '127.0.0.1';
  return addresses.find((each) => each.type === 'InternalIP')?.address ?? '127.0.0.1';
}
