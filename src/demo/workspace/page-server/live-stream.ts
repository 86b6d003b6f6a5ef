import type { Route } from '../http-server.ts';
import type { WorkspaceState } from '../state.ts';
import { changesSeenBy } from './seen-by.ts';

/** Keeps proxies and sleeping laptops from taking the stream for dead. */
const HEARTBEAT_MS = 15_000;

/** Sends a person's page what changes, as server-sent events. */
export function liveStream(state: WorkspaceState): Route {
  return (request, response, url) => {
    if (url.pathname !== '/workspace/changes') return false;
    const user = url.searchParams.get('as') ?? '';
    response.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      connection: 'keep-alive',
    });
    response.write('event: ready\ndata: {}\n\n');
    const unsubscribe = state.subscribe((change) => {
      for (const seen of changesSeenBy(state, user, change)) {
        const data = JSON.stringify({ ...seen, count: state.changeCount });
        response.write(`data: ${data}\n\n`);
      }
    });
    const heartbeat = setInterval(() => response.write(': still here\n\n'), HEARTBEAT_MS).unref();
    request.on('close', () => {
      clearInterval(heartbeat);
      unsubscribe();
    });
    return true;
  };
}
