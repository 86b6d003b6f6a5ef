import type { ServerResponse } from 'node:http';
import { apiVersionOf } from '../model/kinds.ts';
import type { KubeObject } from '../model/objects.ts';
import type { Change } from '../storage/history.ts';
import type { Store } from '../storage/store.ts';
import { isSelected, type Selection, selectObjects } from './selection.ts';

type EventType = Change['type'];

/** A watcher that lets this much pile up unread is cut off, as the API server does. */
const maximumUnreadBytes = 16 * 1024 * 1024;

export interface WatchRequest {
  readonly selection: Selection;
  readonly query: URLSearchParams;
  readonly bookmarkMs: number;
}

/** Streams changes as JSON lines until the client leaves or `timeoutSeconds` have passed. */
export function serveWatch(store: Store, request: WatchRequest, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.flushHeaders();
  const revision = startingRevision(request.query);
  if (revision !== undefined && revision < store.history.horizon) {
    send(response, 'ERROR', tooOld(revision, store.history.horizon));
    response.end();
    return;
  }
  if (revision === undefined) {
    for (const object of selectObjects(store, request.selection)) send(response, 'ADDED', object);
  } else {
    for (const change of store.history.since(revision)) pass(response, request.selection, change);
  }
  follow(store, request, response);
}

/** Undefined: begin with what is there now. */
function startingRevision(query: URLSearchParams): number | undefined {
  const text = query.get('resourceVersion') ?? '';
  return text === '' || text === '0' ? undefined : Number(text);
}

function follow(store: Store, request: WatchRequest, response: ServerResponse): void {
  const { selection, query, bookmarkMs } = request;
  const stop = store.onChange((change) => {
    pass(response, selection, change);
    if (response.writableLength > maximumUnreadBytes) response.destroy();
  });
  const timers: NodeJS.Timeout[] = [];
  if (['true', '1'].includes(query.get('allowWatchBookmarks') ?? '')) {
    timers.push(
      setInterval(
        () => send(response, 'BOOKMARK', bookmark(selection, store.revision)),
        bookmarkMs,
      ),
    );
  }
  const seconds = Number(query.get('timeoutSeconds') ?? 0);
  if (seconds > 0) timers.push(setTimeout(() => response.end(), seconds * 1000));
  response.on('close', () => {
    stop();
    for (const timer of timers) clearInterval(timer);
  });
}

/** To whom a selector no longer applies, an object is gone; to whom it newly applies, it is new. */
function seenAs(selection: Selection, change: Change): EventType | undefined {
  if (change.object.kind !== selection.kind.kind) return undefined;
  const now = change.type !== 'DELETED' && isSelected(selection, change.object);
  const before = change.before !== undefined && isSelected(selection, change.before);
  if (now) return before ? 'MODIFIED' : 'ADDED';
  return before ? 'DELETED' : undefined;
}

function pass(response: ServerResponse, selection: Selection, change: Change): void {
  const type = seenAs(selection, change);
  if (type !== undefined) send(response, type, change.object);
}

function send(response: ServerResponse, type: EventType | 'BOOKMARK' | 'ERROR', object: unknown) {
  response.write(`${JSON.stringify({ type, object })}\n`);
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
