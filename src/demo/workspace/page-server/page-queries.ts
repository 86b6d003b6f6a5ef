import { type Route, sendJson } from '../http-server.ts';
import type { WorkspaceState } from '../state.ts';
import { canSee, threadPage, timelinePage, workspaceSeenBy } from './seen-by.ts';

export type Panels = readonly { readonly title: string; readonly url: string }[];

/** What the page reads: the workspace as one person sees it, timelines, threads. */
export function pageQueries(state: WorkspaceState, panels: Panels): Route {
  return (_request, response, url) => {
    const query = Object.fromEntries(url.searchParams);
    const { as: user = '', channel = '', ts = '', before } = query;
    switch (url.pathname) {
      case '/workspace/people':
        sendJson(response, 200, { name: state.name, users: [...state.users.values()] });
        return true;
      case '/workspace/state':
        if (!state.users.has(user)) break;
        sendJson(response, 200, { ...workspaceSeenBy(state, user), panels });
        return true;
      case '/workspace/timeline':
        if (!canSee(state, user, channel)) break;
        sendJson(response, 200, timelinePage(state, channel, before));
        return true;
      case '/workspace/thread':
        if (!canSee(state, user, channel)) break;
        sendJson(response, 200, threadPage(state, channel, ts));
        return true;
      default:
        return false;
    }
    sendJson(response, 403, { problem: 'Nothing here for this person.' });
    return true;
  };
}
