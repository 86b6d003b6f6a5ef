import {
  type HttpMethod,
  IsomorphicFetchHttpLibrary,
  RequestContext,
  type ResponseContext,
} from '@kubernetes/client-node';
import type { ClientLimits } from './client-limits.ts';
import type { ClusterAccess } from './cluster-config.ts';
import { type Credentials, OneClusterKubeConfig } from './one-cluster-config.ts';
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

/**
 * A 401 is answered with new credentials where there are any: the API server does nothing for whom it does not know, so that
 * even a write is sent once more.
 */
export function openTransport(
  access: ClusterAccess,
  limits: Pick<ClientLimits, 'connectTimeoutMs' | 'pluginTimeoutMs'>,
): Transport {
  const config = new OneClusterKubeConfig(access, limits);
  const { server } = access.cluster;
  return {
    server,
    async send(request) {
      const credentials = await obtain(config, request.signal);
      const answer = await sendWith(credentials, server, request);
      if (answer.httpStatusCode !== 401 || !config.renew(credentials)) return answer;
      const renewed = await obtain(config, request.signal);
      if (renewed.identity === credentials.identity) return answer;
      await answer.body.text().catch(() => '');
      return sendWith(renewed, server, request);
    },
  };
}

const http = new IsomorphicFetchHttpLibrary();

async function sendWith(
  credentials: Credentials,
  server: string,
  { method, path, headers, body, signal }: ApiRequest,
): Promise<ResponseContext> {
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
}

/** A credential plugin may take longer than the call has, so that waiting for it must end with the signal. */
async function obtain(config: OneClusterKubeConfig, signal: AbortSignal): Promise<Credentials> {
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
