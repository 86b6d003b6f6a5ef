import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { plainText } from '../blocks/objects.ts';
import type { StoredView } from '../model.ts';
import type { WorkspaceState } from '../state.ts';
import { initialState } from '../views/view-state.ts';
import { SlackApiError } from './api-error.ts';
import { readBlocks } from './blocks-argument.ts';
import { APP_ID, BOT_ID, TEAM_ID } from './message-shape.ts';
import { type ApiContext, json, type Method, method } from './method.ts';

const MAX_STACK = 3;
const MAX_VIEW_BYTES = 250_000;

const shared = {
  blocks: z.unknown().optional(),
  callback_id: z.string().max(255).optional(),
  private_metadata: z.string().max(3000).optional(),
  external_id: z.string().max(255).optional(),
};
const Modal = z.strictObject({
  ...shared,
  type: z.literal('modal'),
  title: plainText(24),
  submit: plainText(24).optional(),
  close: plainText(24).optional(),
  clear_on_close: z.boolean().optional(),
  notify_on_close: z.boolean().optional(),
  submit_disabled: z.boolean().optional(),
});
const Home = z.strictObject({ ...shared, type: z.literal('home') });
/** A view as an app writes it. */
export const ViewArgument = z.discriminatedUnion('type', [Modal, Home]);
export type ViewArgument = z.infer<typeof ViewArgument>;

const OpenArgs = z
  .object({
    trigger_id: z.string().optional(),
    interactivity_pointer: z.string().optional(),
    view: json(Modal),
  })
  .transform(({ trigger_id, interactivity_pointer, view }) => ({
    triggerId: trigger_id ?? interactivity_pointer ?? '',
    view,
  }));
const UpdateArgs = z.object({
  view_id: z.string().optional(),
  external_id: z.string().optional(),
  hash: z.string().optional(),
  view: json(Modal),
});
const PublishArgs = z.object({
  user_id: z.string(),
  hash: z.string().optional(),
  view: json(Home),
});

export const viewMethods: Record<string, Method> = {
  'views.open': method(OpenArgs, (args, { state, triggers }) => {
    const blocks = checkedBlocks(args.view);
    const { user } = triggers.exchange(args.triggerId);
    for (const view of state.openViews(user)) {
      state.apply({ type: 'view_closed', id: view.id, user });
    }
    return shown(state, newView(args.view, { user, blocks }));
  }),
  'views.push': method(OpenArgs, push),
  'views.update': method(UpdateArgs, update),
  'views.publish': method(PublishArgs, publish),
};

function push(args: z.infer<typeof OpenArgs>, { state, triggers }: ApiContext) {
  const blocks = checkedBlocks(args.view);
  const { user, viewId } = triggers.exchange(args.triggerId);
  const below = viewId === undefined ? undefined : state.views.get(viewId);
  if (!below) throw new SlackApiError('not_found');
  return shown(state, pushedView(state, below, newView(args.view, { user, blocks })));
}

function update(args: z.infer<typeof UpdateArgs>, { state }: ApiContext) {
  const old = [...state.views.values()].find(
    (view) =>
      view.id === args.view_id ||
      (args.external_id !== undefined && view.external_id === args.external_id),
  );
  if (!old) throw new SlackApiError('not_found');
  if (args.hash !== undefined && args.hash !== old.hash) throw new SlackApiError('hash_conflict');
  return shown(state, updatedView(old, args.view));
}

function publish(args: z.infer<typeof PublishArgs>, { state }: ApiContext) {
  if (!state.users.has(args.user_id)) throw new SlackApiError('user_not_found');
  const old = state.homes.get(args.user_id);
  if (args.hash !== undefined && old && args.hash !== old.hash) {
    throw new SlackApiError('hash_conflict');
  }
  const fresh = newView(args.view, { user: args.user_id, blocks: checkedBlocks(args.view) });
  const view = old ? { ...fresh, id: old.id, root_view_id: old.id } : fresh;
  state.apply({ type: 'home', view });
  return { view: apiView(view) };
}

/** A view laid on top of another; @throws SlackApiError `push_limit_reached` beyond three. */
export function pushedView(state: WorkspaceState, below: StoredView, view: StoredView): StoredView {
  if (state.openViews(below.user).length >= MAX_STACK) {
    throw new SlackApiError('push_limit_reached');
  }
  return { ...view, root_view_id: below.root_view_id, previous_view_id: below.id };
}

/** The view with new content; what was entered in blocks that stay, stays. */
export function updatedView(old: StoredView, argument: ViewArgument): StoredView {
  const fresh = newView(argument, { user: old.user, blocks: checkedBlocks(argument) });
  const kept = Object.fromEntries(
    Object.entries(old.state).filter(([blockId]) => blockId in fresh.state),
  );
  return {
    ...fresh,
    id: old.id,
    root_view_id: old.root_view_id,
    previous_view_id: old.previous_view_id,
    state: { ...fresh.state, ...kept },
  };
}

/** What a view holds where its app says nothing. */
const UNSAID = {
  callback_id: '',
  private_metadata: '',
  external_id: '',
  title: null,
  submit: null,
  close: null,
  notify_on_close: false,
  clear_on_close: false,
  submit_disabled: false,
};

/** The fields the app gave. */
function stated(argument: ViewArgument): Partial<typeof UNSAID> {
  const given = Object.entries(argument).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given);
}

export function newView(
  argument: ViewArgument,
  { user, blocks }: { user: string; blocks: StoredView['blocks'] },
): StoredView {
  const id = `V${randomBytes(6).toString('hex').toUpperCase()}`;
  return {
    ...UNSAID,
    ...stated(argument),
    id,
    user,
    type: argument.type,
    blocks,
    hash: `${Date.now()}.${randomBytes(4).toString('hex')}`,
    root_view_id: id,
    previous_view_id: null,
    state: initialState(blocks),
    errors: {},
  };
}

/** Slack names a fault in a view's blocks `invalid_arguments`, unlike in a message. */
export function checkedBlocks(view: ViewArgument): StoredView['blocks'] {
  if (JSON.stringify(view).length > MAX_VIEW_BYTES) throw new SlackApiError('view_too_large');
  try {
    return readBlocks(view.type, view.blocks) ?? [];
  } catch (error) {
    if (!(error instanceof SlackApiError)) throw error;
    const { messages } = error;
    throw new SlackApiError('invalid_arguments', { messages, cause: error });
  }
}

/** A view as the Web API and the callbacks give it. */
export function apiView(view: StoredView): Record<string, unknown> {
  const { user: _user, errors: _errors, state, ...rest } = view;
  return {
    ...rest,
    team_id: TEAM_ID,
    app_id: APP_ID,
    bot_id: BOT_ID,
    app_installed_team_id: TEAM_ID,
    state: { values: state },
  };
}

function shown(state: WorkspaceState, view: StoredView) {
  state.apply({ type: 'view', view });
  return { view: apiView(view) };
}
