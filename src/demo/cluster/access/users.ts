/** Who a request acts as. */
export interface User {
  readonly name: string;
  readonly groups: readonly string[];
}

export const everyone = 'system:authenticated';
/** Members may do everything, whatever the rules say. */
export const masters = 'system:masters';

export function serviceAccountUser(namespace: string, name: string): User {
  return {
    name: `system:serviceaccount:${namespace}:${name}`,
    groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, everyone],
  };
}

/** Namespace and name of a service account's user name; undefined for any other user. */
export function parseServiceAccount(
  user: string,
): { readonly namespace: string; readonly name: string } | undefined {
  const match = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(user);
  return match === null ? undefined : { namespace: match[1] ?? '', name: match[2] ?? '' };
}
