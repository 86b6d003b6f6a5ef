import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { say } from '../language/text.ts';
import { type ApiCall, type Connection, isTransient, originOf, sendCall } from './api-call.ts';
import {
  brokenAnswer,
  failureOfAnswer,
  failureOfTransport,
  unreadableAnswer,
} from './api-failure.ts';
import { backoffMs } from './client-limits.ts';
import { Deadline } from './deadline.ts';
import {
  isKubernetesError,
  type ListOptions,
  type ResourceType,
  type WatchEvent,
} from './kubernetes.ts';
import { isUnserved, listObjects, readCall } from './list-objects.ts';
import { readJson } from './read-json.ts';
import { collectionPath, queryText } from './resource-path.ts';
import { toTransportError } from './transport-error.ts';

/** A 401 may be an authentication webhook that restarts; this many in a row are not. */
const MAX_UNAUTHORIZED = 5;
/** A connection that lasted this long without an event was quiet, not refused. */
const QUIET_MS = 5_000;
/** A Retry-After beyond it is not waited for: what changes meanwhile would be heard of too late. */
const LONGEST_WAIT_MS = 60_000;

interface Position {
  /** Undefined: begin anew from a list. */
  resourceVersion: string | undefined;
  /** Attempts in a row that brought nothing. */
  failures: number;
  /** So long the API server asked to wait. */
  waitMs: number;
}

/**
 * List, then events, for ever: goes on after disconnects from where it was, and after 410 from a new list. Ends when the
 * signal aborts; throws only what trying again cannot mend.
 * @throws KubernetesError such as 403
 */
export async function* watchObjects<T>(
  outer: Connection,
  type: ResourceType<T>,
  options: ListOptions & { readonly signal: AbortSignal },
): AsyncGenerator<WatchEvent<T>> {
  const { signal } = options;
  const connection = { ...outer, signal };
  const position: Position = { resourceVersion: undefined, failures: 0, waitMs: 0 };
  while (!signal.aborted) {
    try {
      if (position.resourceVersion === undefined) {
        const { objects, resourceVersion } = await listObjects(connection, type, options);
        yield { type: 'RESYNC', objects };
        position.resourceVersion = resourceVersion;
      }
      yield* followOnce(connection, { type, options, position });
    } catch (error) {
      if (signal.aborted) return;
      settle(position, type, error);
    }
    await backOff(connection, position);
  }
}

async function* followOnce<T>(
  connection: Connection,
  watched: { type: ResourceType<T>; options: ListOptions; position: Position },
): AsyncGenerator<WatchEvent<T>> {
  const { type, options, position } = watched;
  const began = Date.now();
  position.failures += 1;
  if (position.resourceVersion === '') {
    // Not served (yet): look again later.
    position.resourceVersion = undefined;
    return;
  }
  const call = watchCall(connection, type, {
    ...options,
    resourceVersion: position.resourceVersion,
  });
  for await (const line of readLines(connection, call)) {
    const event = readEvent(connection, call, { line, type });
    position.failures = 0;
    position.resourceVersion = event.resourceVersion;
    if (event.change) yield event.change;
  }
  if (Date.now() - began >= QUIET_MS) position.failures = 0;
}

/** Decides how to go on after an error, or throws it where there is no way on. */
function settle(position: Position, type: ResourceType<unknown>, error: unknown): void {
  if (!isKubernetesError(error)) throw error;
  position.failures = Math.max(1, position.failures);
  position.waitMs = Math.min(error.retryAfterMs ?? 0, LONGEST_WAIT_MS);
  if (error.status === 410 || isUnserved(error, type)) {
    position.resourceVersion = undefined;
    return;
  }
  if (error.status === 401 && position.failures < MAX_UNAUTHORIZED) {
    position.failures += 1;
    return;
  }
  if (!isTransient(error)) throw error;
}

async function backOff({ limits, signal }: Connection, position: Position): Promise<void> {
  // The first disconnect after events is ordinary: go on at once.
  if (position.failures === 0) return;
  const ms = Math.max(position.waitMs, backoffMs(limits, position.failures));
  position.waitMs = 0;
  await sleep(ms, undefined, signal ? { signal } : {}).catch(() => undefined);
}

function watchCall(
  { limits }: Connection,
  type: ResourceType<unknown>,
  options: ListOptions & { readonly resourceVersion: string | undefined },
): ApiCall {
  const lifetimeMs = limits.watchLifetimeMs * (1 + Math.random() / 4);
  const query = queryText({
    watch: 'true',
    allowWatchBookmarks: 'true',
    resourceVersion: options.resourceVersion,
    timeoutSeconds: String(Math.max(1, Math.round(lifetimeMs / 1000))),
    fieldSelector: options.fieldSelector,
    labelSelector: options.labelSelector,
  });
  const says = say('watch {kind} objects', { kind: type.kind });
  return readCall(says, collectionPath(type, options.namespace) + query);
}

const RawEvent = z.object({
  type: z.enum(['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK', 'ERROR']),
  object: z.looseObject({
    metadata: z.looseObject({ resourceVersion: z.string().default('') }).optional(),
    code: z.number().optional(),
  }),
});

function readEvent<T>(
  connection: Connection,
  call: ApiCall,
  { line, type }: { line: string; type: ResourceType<T> },
): { resourceVersion: string; change?: WatchEvent<T> } {
  const raw = readJson(line);
  // Something in between put it there, or cut it: the watch goes on from what it heard before.
  if (raw === undefined) throw brokenAnswer(originOf(connection, call), line.length);
  try {
    const event = RawEvent.parse(raw);
    const resourceVersion = event.object.metadata?.resourceVersion ?? '';
    switch (event.type) {
      case 'BOOKMARK':
        return { resourceVersion };
      case 'ERROR':
        throw failureOfAnswer(originOf(connection, call), {
          status: event.object.code ?? 500,
          headers: {},
          body: JSON.stringify(event.object),
        });
      case 'ADDED':
      case 'MODIFIED':
      case 'DELETED':
        return {
          resourceVersion,
          change: { type: event.type, object: type.schema.parse(event.object) },
        };
    }
  } catch (error) {
    throw isKubernetesError(error) ? error : unreadableAnswer(originOf(connection, call), error);
  }
}

/** The lines of an answer that has no end. What a broken connection cuts off in the middle of a line is dropped. */
async function* readLines(connection: Connection, call: ApiCall): AsyncGenerator<string> {
  const { limits, signal } = connection;
  const origin = originOf(connection, call);
  const deadline = new Deadline(signal);
  try {
    deadline.start(limits.callTimeoutMs);
    const answer = await sendCall(connection, call, deadline.signal);
    const { httpStatusCode: status, headers } = answer;
    if (status >= 300) {
      throw failureOfAnswer(origin, { status, headers, body: await answer.body.text() });
    }
    const reader = answer.body.stream()?.getReader();
    const decoder = new TextDecoder();
    let rest = '';
    for (;;) {
      deadline.start(limits.watchIdleMs);
      const chunk = await reader?.read();
      deadline.pause();
      if (!chunk || chunk.done) return;
      const lines = (rest + decoder.decode(chunk.value, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      yield* lines.filter((line) => line.trim() !== '');
    }
  } catch (error) {
    throw isKubernetesError(error) ? error : failureOfTransport(origin, toTransportError(error));
  } finally {
    deadline.end();
  }
}
