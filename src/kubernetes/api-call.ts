import { setTimeout as sleep } from 'node:timers/promises';
import type { HttpMethod, ResponseContext } from '@kubernetes/client-node';
import type { Json } from '../json.ts';
import { say, type Text } from '../language/text.ts';
import {
  brokenAnswer,
  failureOfAnswer,
  failureOfTransport,
  type Origin,
  unexpectedAnswer,
  unreadableAnswer,
} from './api-failure.ts';
import { backoffMs, type ClientLimits } from './client-limits.ts';
import { Deadline } from './deadline.ts';
import { isKubernetesError, type KubernetesError } from './kubernetes.ts';
import { readJson } from './read-json.ts';
import { isWebPage } from './status-body.ts';
import type { Transport } from './transport.ts';
import { toTransportError } from './transport-error.ts';

/** One request to the API, in words and on the wire. */
export interface ApiCall {
  readonly says: Text;
  readonly effect: Origin['effect'];
  readonly method: HttpMethod;
  readonly path: string;
  readonly body?: Json;
  readonly contentType?: string;
}

export interface Connection {
  readonly cluster: string;
  readonly transport: Transport;
  readonly limits: ClientLimits;
  /** Who calls: User-Agent and impersonation. */
  readonly headers: Readonly<Record<string, string>>;
  /** Ends calls early, as when a watch is no longer wanted. */
  readonly signal?: AbortSignal;
}

/**
 * Makes a call and parses its answer. Reads are tried again after 429, 5xx and broken connections; writes never are,
 * because the first attempt may have had its effect.
 * @throws KubernetesError
 */
export async function callApi<T>(
  connection: Connection,
  call: ApiCall,
  parse: (answer: unknown) => T,
): Promise<T> {
  const answer =
    call.effect === 'read' ? await retryRead(connection, call) : await once(connection, call);
  try {
    return parse(answer);
  } catch (error) {
    throw isKubernetesError(error) ? error : unreadableAnswer(originOf(connection, call), error);
  }
}

async function retryRead(connection: Connection, call: ApiCall): Promise<unknown> {
  const { limits, signal } = connection;
  const deadline = Date.now() + limits.readBudgetMs;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await once(connection, call);
    } catch (error) {
      const waitMs = waitBeforeRetry(limits, attempt, error);
      if (waitMs === undefined || Date.now() + waitMs > deadline) throw error;
      await sleep(waitMs, undefined, signal ? { signal } : {});
    }
  }
}

/** Undefined where trying again is of no use. */
function waitBeforeRetry(
  limits: ClientLimits,
  attempt: number,
  error: unknown,
): number | undefined {
  if (attempt >= limits.maxAttempts || !isKubernetesError(error)) return undefined;
  if (!isTransient(error)) return undefined;
  return Math.max(error.retryAfterMs ?? 0, backoffMs(limits, attempt));
}

/** Whether the same read may succeed a little later. */
export function isTransient(error: KubernetesError): boolean {
  if (error.status === 0)
    return error.reason !== 'UnexpectedAnswer' && error.reason !== 'NoNamespace';
  return error.status === 429 || error.status >= 500;
}

async function once(connection: Connection, call: ApiCall): Promise<unknown> {
  const origin = originOf(connection, call);
  const deadline = new Deadline(connection.signal);
  let answer: ResponseContext;
  let body: string;
  try {
    deadline.start(connection.limits.callTimeoutMs);
    answer = await sendCall(connection, call, deadline.signal);
    body = await answer.body.text();
  } catch (error) {
    throw failureOfTransport(origin, toTransportError(error));
  } finally {
    deadline.end();
  }
  const { httpStatusCode: status, headers } = answer;
  if (status >= 300) throw failureOfAnswer(origin, { status, headers, body });
  const parsed = readJson(body);
  if (parsed !== undefined) return parsed;
  if (isWebPage({ headers, body })) throw unexpectedAnswer(origin, say('it is a web page'));
  throw brokenAnswer(origin, body.length);
}

/** Sends a call and leaves the answer's body unread. @throws TransportError */
export function sendCall(
  { transport, headers }: Connection,
  call: ApiCall,
  signal: AbortSignal,
): Promise<ResponseContext> {
  const contentType = call.contentType ?? 'application/json';
  return transport.send({
    method: call.method,
    path: call.path,
    headers: {
      ...headers,
      Accept: 'application/json',
      ...(call.body === undefined ? {} : { 'Content-Type': contentType }),
    },
    body: call.body === undefined ? undefined : JSON.stringify(call.body),
    signal,
  });
}

export function originOf({ cluster, transport }: Connection, { says, effect }: ApiCall): Origin {
  return { cluster, server: transport.server, says, effect };
}
