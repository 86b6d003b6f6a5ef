import type { ApiRequest } from '../api/request.ts';
import { ApiError } from '../registry/api-error.ts';
import type { Store } from '../storage/store.ts';
import { type Attributes, attributesOf, denied } from './attributes.ts';
import { authorize, isBound } from './authorize.ts';
import type { ServiceAccountTokens } from './service-account-tokens.ts';
import { everyone, masters, parseServiceAccount, serviceAccountUser, type User } from './users.ts';

export interface Administrator {
  readonly name: string;
  readonly token: string;
}

/** Lets requests in: who asks, as whom, and whether they may. */
export class Gate {
  readonly #store: Store;
  readonly #tokens: ServiceAccountTokens;
  readonly #administrator: Administrator;

  constructor(store: Store, tokens: ServiceAccountTokens, administrator: Administrator) {
    this.#store = store;
    this.#tokens = tokens;
    this.#administrator = administrator;
  }

  /**
   * The user that the request acts as.
   * @throws ApiError 401 without a token that counts, 403 where the user may not, or may not impersonate
   */
  admit(request: ApiRequest): User {
    const user = this.#impersonated(this.#authenticated(request), request);
    this.#check(user, attributesOf(request));
    return user;
  }

  /** The administrator may do everything, unless a binding names them: then only what is bound. */
  #authenticated(request: ApiRequest): User {
    const token = /^Bearer (.+)$/.exec(request.authorization ?? '')?.[1] ?? '';
    const { name } = this.#administrator;
    if (token === this.#administrator.token) {
      return { name, groups: isBound(this.#store, name) ? [everyone] : [masters, everyone] };
    }
    const account = this.#tokens.userOf(token);
    if (account !== undefined) return account;
    throw new ApiError({ code: 401, reason: 'Unauthorized', message: 'Unauthorized' });
  }

  #impersonated(user: User, request: ApiRequest): User {
    const { impersonate, impersonateGroups: groups } = request;
    if (impersonate === undefined) {
      if (groups.length === 0) return user;
      const message = `Internal error occurred: requested groups ${groups.join(', ')} without impersonating a user`;
      throw new ApiError({ code: 500, reason: 'InternalError', message });
    }
    const account = parseServiceAccount(impersonate);
    const whom =
      account === undefined
        ? { resource: 'users', name: impersonate }
        : { resource: 'serviceaccounts', ...account };
    this.#check(user, { verb: 'impersonate', group: '', ...whom });
    for (const name of groups) {
      this.#check(user, { verb: 'impersonate', group: '', resource: 'groups', name });
    }
    if (account !== undefined && groups.length === 0) {
      return serviceAccountUser(account.namespace, account.name);
    }
    return { name: impersonate, groups: [...new Set([...groups, everyone])] };
  }

  #check(user: User, wanted: Attributes): void {
    if (!authorize(this.#store, user, wanted).allowed) throw denied(user, wanted);
  }
}
