import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { errorMessage } from '../../../errors.ts';
import type { People } from '../callbacks/people.ts';
import { type Route, readBody, sendJson } from '../http-server.ts';
import type { WorkspaceState } from '../state.ts';
import type { Guide } from './guide.ts';
import { markRead } from './unread.ts';

const message = z.object({ channel: z.string(), ts: z.string() });
const element = {
  actionId: z.string(),
  blockId: z.string().optional(),
  chosen: z.unknown().optional(),
};
const values = z.record(z.string(), z.record(z.string(), z.unknown()));
const as = z.string();

/** What the page can ask for, always as one person. */
const PageAction = z.discriminatedUnion('do', [
  z.object({
    do: z.literal('send'),
    as,
    channel: z.string(),
    text: z.string().min(1).max(40_000),
    threadTs: z.string().optional(),
  }),
  z.object({ do: z.literal('click'), as, message, action: z.object(element) }),
  z.object({
    do: z.literal('click_in_view'),
    as,
    viewId: z.string(),
    action: z.object(element),
    values: values.optional(),
  }),
  z.object({
    do: z.literal('suggest'),
    as,
    viewId: z.string(),
    action: z.object(element),
    typed: z.string(),
  }),
  z.object({ do: z.literal('submit'), as, viewId: z.string(), values }),
  z.object({ do: z.literal('close_view'), as, viewId: z.string(), all: z.boolean().optional() }),
  z.object({
    do: z.literal('shortcut'),
    as,
    callbackId: z.string(),
    message: message.optional(),
  }),
  z.object({ do: z.literal('dismiss'), as, ts: z.string() }),
  z.object({ do: z.literal('open_home'), as }),
  z.object({ do: z.literal('read'), as, place: z.string(), ts: z.string() }),
  z.object({ do: z.literal('control'), as, control: z.string() }),
]);
type PageAction = z.infer<typeof PageAction>;

export interface PageActors {
  readonly people: People;
  readonly state: WorkspaceState;
  readonly guide?: Guide | undefined;
}

/** Does what a person asks for on the page, and answers with what they should be told about it. */
export function pageActions(actors: PageActors): Route {
  return async (request, response, url) => {
    if (url.pathname !== '/workspace/do' || request.method !== 'POST') return false;
    if (!fromThisPage(request)) {
      sendJson(response, 403, { problem: 'Only the page of this workspace may act.' });
      return true;
    }
    const parsed = PageAction.safeParse(JSON.parse((await readBody(request)).toString()));
    if (!parsed.success) {
      sendJson(response, 400, { problem: z.prettifyError(parsed.error) });
      return true;
    }
    const outcome = await perform(actors, parsed.data).catch((error: unknown) => ({
      problem: errorMessage(error),
    }));
    sendJson(response, 200, outcome);
    return true;
  };
}

/** Browsers name the page a request comes from: other sites must not act in the workspace. */
function fromThisPage(request: IncomingMessage): boolean {
  const { origin, host } = request.headers;
  return origin === undefined || origin === `http://${host}`;
}

async function perform(actors: PageActors, action: PageAction): Promise<object> {
  const { people, state, guide } = actors;
  switch (action.do) {
    case 'send':
      return people.send({ ...action, user: action.as });
    case 'click':
      return people.click(action.as, action.message, action.action);
    case 'click_in_view':
      return people.clickInView(action.as, action.viewId, {
        ...action.action,
        values: action.values,
      });
    case 'suggest':
      return {
        options: await people.suggest(action.as, action.viewId, {
          ...action.action,
          typed: action.typed,
        }),
      };
    case 'submit':
      return people.submitView(action.as, action.viewId, action.values);
    case 'close_view':
      return people.closeView(action.as, action.viewId, action.all);
    case 'shortcut':
      return people.shortcut(action.as, action.callbackId, action.message);
    case 'dismiss':
      return people.dismiss(action.as, action.ts);
    case 'open_home':
      await people.openHome(action.as);
      return {};
    case 'read':
      markRead(state, { user: action.as, place: action.place, ts: action.ts });
      return {};
    case 'control':
      guide?.control(action.control);
      return {};
  }
}
