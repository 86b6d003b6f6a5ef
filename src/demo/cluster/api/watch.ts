import type { ServerResponse } from 'node:http';
import { apiVersionOf } from '../model/kinds.ts';
import type { KubeObject } from '../model/objects.ts';
import type { Change } from '../storage/history.ts';
import type { Store } from '../storage/store.ts';
import type { WatchBreak } from './fault.ts';
import { isSelected, type Selection, selectObjects } from './selection.ts';
import { commonHeaders } from './send-answer.ts';
import { breakingStream, type WatchStream, watchStream } from './watch-stream.ts';

type EventType = Change['type'];

export interface WatchRequest {
  readonly selection: Selection;
  readonly query: URLSearchParams;
  readonly bookmarkMs: number;
  readonly breaks?: WatchBreak | undefined;
  /** The form in which the client wants each object. */
  present(object: KubeObject, nowMs: number): unknown;
}

/** Streams changes as JSON lines until the client leaves or `timeoutSeconds` have passed. */
export function serveWatch(store: Store, request: WatchRequest, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json', ...commonHeaders() });
  response.flushHeaders();
  const { breaks } = request;
  const stream = breaks === undefined ? watchStream(response) : breakingStream(response, breaks);
  const revision = startingRevision(request.query);
  if (revision !== undefined && revision < store.history.horizon) {
    send(stream, 'ERROR', tooOld(revision, store.history.horizon));
    stream.end();
    return;
  }
  if (revision === undefined) {
    for (const object of selectObjects(store, request.selection)) {
      send(stream, 'ADDED', request.present(object, store.clock.now()));
    }
  } else {
    for (const change of store.history.since(revision)) pass(store, request, { stream, change });
  }
  const stop = follow(store, request, stream);
  response.on('close', stop);
}

/** Undefined: begin with what is there now. */
function startingRevision(query: URLSearchParams): number | undefined {
  const text = query.get('resourceVersion') ?? '';
  return text === '' || text === '0' ? undefined : Number(text);
}

/** Returns how to stop. */
function follow(store: Store, request: WatchRequest, stream: WatchStream): () => void {
  const { selection, query, bookmarkMs } = request;
  const stop = store.onChange((change) => {
    pass(store, request, { stream, change });
    stream.leaveSlowReader();
  });
  const timers: NodeJS.Timeout[] = [];
  if (['true', '1'].includes(query.get('allowWatchBookmarks') ?? '')) {
    timers.push(
      setInterval(() => send(stream, 'BOOKMARK', bookmark(selection, store.revision)), bookmarkMs),
    );
  }
  const seconds = Number(query.get('timeoutSeconds') ?? 0);
  if (seconds > 0) timers.push(setTimeout(() => stream.end(), seconds * 1000));
  return () => {
    stop();
    for (const timer of timers) clearInterval(timer);
  };
}

/** To whom a selector no longer applies, an object is gone; to whom it newly applies, it is new. */
function seenAs(selection: Selection, change: Change): EventType | undefined {
  if (change.object.kind !== selection.kind.kind) return undefined;
  const now = change.type !== 'DELETED' && isSelected(selection, change.object);
  const before = change.before !== undefined && isSelected(selection, change.before);
  if (now) return before ? 'MODIFIED' : 'ADDED';
  return before ? 'DELETED' : undefined;
}

function pass(
  store: Store,
  { selection, present }: WatchRequest,
  { stream, change }: { readonly stream: WatchStream; readonly change: Change },
): void {
  const type = seenAs(selection, change);
  if (type !== undefined) send(stream, type, present(change.object, store.clock.now()));
}

function send(stream: WatchStream, type: EventType | 'BOOKMARK' | 'ERROR', object: unknown): void {
  stream.write(`${JSON.stringify({ type, object })}\n`);
}

function bookmark(selection: Selection, revision: number): unknown {
  const { kind } = selection.kind;
  const metadata = { resourceVersion: String(revision), creationTimestamp: null };
  return { kind, apiVersion: apiVersionOf(selection.kind), metadata } satisfies Pick<
    KubeObject,
    'kind' | 'apiVersion'
  > & { metadata: unknown };
}

function tooOld(revision: number, horizon: number): unknown {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: `too old resource version: ${revision} (${horizon})`,
    reason: 'Expired',
    code: 410,
  };
}
