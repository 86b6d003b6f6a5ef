import { type Route, sendJson } from '../http-server.ts';
import type { WorkspaceState } from '../state.ts';
import { canSee, threadPage, timelinePage, workspaceSeenBy } from './seen-by.ts';

/** What the page reads: the workspace as one person sees it, timelines, threads. */
export function pageQueries(state: WorkspaceState): Route {
  return (_request, response, url) => {
    const query = Object.fromEntries(url.searchParams);
    const { as: user = '', channel = '', ts = '', before } = query;
    switch (url.pathname) {
      case '/workspace/people':
        sendJson(response, 200, { name: state.name, users: [...state.users.values()] });
        return true;
      case '/workspace/state':
        if (!state.users.has(user)) break;
        sendJson(response, 200, workspaceSeenBy(state, user));
        return true;
      case '/workspace/timeline':
        if (!canSee(state, user, channel)) break;
        sendJson(response, 200, timelinePage(state, user, { channel, before }));
        return true;
      case '/workspace/thread':
        if (!canSee(state, user, channel)) break;
        sendJson(response, 200, threadPage(state, user, { channel, ts }));
        return true;
      default:
        return false;
    }
    sendJson(response, 403, { problem: 'Nothing here for this person.' });
    return true;
  };
}
