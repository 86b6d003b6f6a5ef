import { type DispatcherOptions, KubeConfig, RequestContext } from '@kubernetes/client-node';
import type { ClientLimits } from './client-limits.ts';
import type { ClusterAccess } from './cluster-config.ts';
import { freshAuthenticators, isRenewable, renewableUser } from './renewable-credentials.ts';

type Dispatcher = NonNullable<ReturnType<RequestContext['getDispatcher']>>;

/** What a request to the API server needs at this moment. */
export interface Credentials {
  readonly headers: Readonly<Record<string, string>>;
  readonly dispatcher: Dispatcher | undefined;
  /** The same for the same token and certificate. */
  readonly identity: string;
}

/**
 * Restricted to one context, which never changes. The library makes a dispatcher for each request, and with it a
 * connection; this one keeps it for as long as the certificates stay the same.
 */
export class OneClusterKubeConfig extends KubeConfig {
  readonly #limits: Pick<ClientLimits, 'connectTimeoutMs' | 'pluginTimeoutMs'>;
  #fingerprint = '';
  #kept: { fingerprint: string; dispatcher: Dispatcher } | undefined;
  #asking: Promise<Credentials> | undefined;
  #identity = '';

  constructor(
    access: ClusterAccess,
    limits: Pick<ClientLimits, 'connectTimeoutMs' | 'pluginTimeoutMs'>,
  ) {
    super();
    this.#limits = limits;
    this.loadFromOptions({
      clusters: [access.cluster],
      users: [renewableUser(access)],
      contexts: [access.context],
      currentContext: access.context.name,
    });
    this.#forget();
  }

  /** Calls at the same time share one answer, so that a credential plugin is not run once for each. */
  credentials(): Promise<Credentials> {
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  /**
   * The API server did not take these: others are asked for, unless somebody else has done so meanwhile. False where asking
   * again is of no use.
   */
  renew({ identity }: Credentials): boolean {
    const user = this.getCurrentUser();
    if (!user || !isRenewable(user)) return false;
    if (identity === this.#identity && this.#asking === undefined) this.#forget();
    return true;
  }

  /** The library's own keep what they were given until it expires, if it says when. */
  #forget(): void {
    Object.assign(this, { authenticators: freshAuthenticators(this.#limits.pluginTimeoutMs) });
  }

  async #ask(): Promise<Credentials> {
    const context = new RequestContext(this.clusters[0]?.server ?? '', 'GET');
    await this.applySecurityAuthentication(context);
    const headers = context.getHeaders();
    this.#identity = JSON.stringify([headers['Authorization'], this.#fingerprint]);
    const dispatcher = this.#keep(context.getDispatcher());
    return { headers, dispatcher, identity: this.#identity };
  }

  #keep(made: Dispatcher | undefined): Dispatcher | undefined {
    if (!made || this.#kept?.fingerprint === this.#fingerprint) return this.#kept?.dispatcher;
    const old = this.#kept?.dispatcher;
    this.#kept = { fingerprint: this.#fingerprint, dispatcher: made };
    // Lets what is under way finish; a failure to close has nobody to hear it.
    old?.close().catch(() => undefined);
    return made;
  }

  override createDispatcherOptions(
    ...[cluster, agentOptions]: Parameters<KubeConfig['createDispatcherOptions']>
  ): DispatcherOptions {
    const options = super.createDispatcherOptions(cluster, agentOptions);
    this.#fingerprint = JSON.stringify(options);
    // One connection for each request under way: a half-open HTTP/2 session would fail every later request.
    const connection = { timeout: this.#limits.connectTimeoutMs, allowH2: false };
    const keepAlive = { keepAlive: true, keepAliveInitialDelay: 30_000 };
    switch (options.type) {
      case 'none':
        return { type: 'agent', connect: { ...keepAlive, ...connection } };
      case 'agent':
        return { ...options, connect: { ...options.connect, ...connection } };
      case 'proxy':
      case 'socks':
        return { ...options, requestTls: { ...options.requestTls, ...connection } };
    }
  }
}
