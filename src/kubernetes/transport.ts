import {
  type DispatcherOptions,
  type HttpMethod,
  IsomorphicFetchHttpLibrary,
  KubeConfig,
  RequestContext,
  type ResponseContext,
} from '@kubernetes/client-node';
import type { ClusterAccess } from './cluster-config.ts';
import { TransportError, toTransportError } from './transport-error.ts';

interface ApiRequest {
  readonly method: HttpMethod;
  /** With its query, as in `/api/v1/nodes?limit=500`. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  readonly signal: AbortSignal;
}

/** Sends requests to one API server with the credentials for it, over connections that are kept alive. */
export interface Transport {
  readonly server: string;
  /** @throws TransportError where no answer came */
  send(request: ApiRequest): Promise<ResponseContext>;
}

type Dispatcher = NonNullable<ReturnType<RequestContext['getDispatcher']>>;

interface Credentials {
  readonly headers: Readonly<Record<string, string>>;
  readonly dispatcher: Dispatcher | undefined;
}

export function openTransport(access: ClusterAccess, connectTimeoutMs: number): Transport {
  const config = new OneClusterKubeConfig(access, connectTimeoutMs);
  const http = new IsomorphicFetchHttpLibrary();
  const { server } = access.cluster;
  return {
    server,
    async send({ method, path, headers, body, signal }) {
      const credentials = await obtainCredentials(config, signal);
      const context = new RequestContext(server + path, method);
      for (const [name, value] of Object.entries({ ...credentials.headers, ...headers })) {
        context.setHeaderParam(name, value);
      }
      if (body !== undefined) context.setBody(body);
      if (credentials.dispatcher) context.setDispatcher(credentials.dispatcher);
      context.setSignal(signal);
      try {
        return await http.send(context).toPromise();
      } catch (error) {
        throw toTransportError(error);
      }
    },
  };
}

/** A credential plugin may hang for ever, so that waiting for it must end with the signal. */
async function obtainCredentials(
  config: OneClusterKubeConfig,
  signal: AbortSignal,
): Promise<Credentials> {
  const aborted = Promise.withResolvers<never>();
  const onAbort = () => aborted.reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  try {
    return await Promise.race([config.credentials(), aborted.promise]);
  } catch (error) {
    throw new TransportError('credentials', { cause: error });
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/**
 * Restricted to one context, which never changes. The library makes a dispatcher for each request, and with it a
 * connection; this one keeps it for as long as the certificates stay the same.
 */
class OneClusterKubeConfig extends KubeConfig {
  readonly #connectTimeoutMs: number;
  #fingerprint = '';
  #kept: { fingerprint: string; dispatcher: Dispatcher } | undefined;
  #asking: Promise<Credentials> | undefined;

  constructor({ cluster, user, context }: ClusterAccess, connectTimeoutMs: number) {
    super();
    this.#connectTimeoutMs = connectTimeoutMs;
    this.loadFromOptions({
      clusters: [cluster],
      users: [user],
      contexts: [context],
      currentContext: context.name,
    });
  }

  /** Calls at the same time share one answer, so that a credential plugin is not run once for each. */
  credentials(): Promise<Credentials> {
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  async #ask(): Promise<Credentials> {
    const context = new RequestContext(this.clusters[0]?.server ?? '', 'GET');
    await this.applySecurityAuthentication(context);
    return { headers: context.getHeaders(), dispatcher: this.#keep(context.getDispatcher()) };
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
    const connection = { timeout: this.#connectTimeoutMs, allowH2: false };
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
