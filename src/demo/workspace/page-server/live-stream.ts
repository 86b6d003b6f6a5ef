import type { Route } from '../http-server.ts';
import type { WorkspaceState } from '../state.ts';
import type { LiveViews } from './live-views.ts';
import { changesSeenBy } from './seen-by.ts';

/** Keeps proxies and sleeping laptops from taking the stream for dead. */
const HEARTBEAT_MS = 15_000;

/** Sends a person's page what changes, as server-sent events. */
export function liveStream(state: WorkspaceState, views: LiveViews): Route {
  return (request, response, url) => {
    if (url.pathname !== '/workspace/changes') return false;
    const user = url.searchParams.get('as') ?? '';
    response.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      connection: 'keep-alive',
    });
    // a page looks for the workspace again soon after it was gone
    response.write('retry: 1000\nevent: ready\ndata: {}\n\n');
    const unsubscribe = state.subscribe((change) => {
      for (const seen of changesSeenBy(state, user, change)) {
        const data = JSON.stringify({ ...seen, count: state.changeCount });
        response.write(`data: ${data}\n\n`);
      }
    });
    const unview = views.subscribe((event, data) =>
      response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`),
    );
    const heartbeat = setInterval(() => response.write(': still here\n\n'), HEARTBEAT_MS).unref();
    request.on('close', () => {
      clearInterval(heartbeat);
      unsubscribe();
      unview();
    });
    return true;
  };
}
