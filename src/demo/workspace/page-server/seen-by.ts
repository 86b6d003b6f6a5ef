import { isReply } from '../message-store.ts';
import type { StoredMessage } from '../model.ts';
import type { ReadChange } from '../read-marks.ts';
import type { Change, WorkspaceState } from '../state.ts';
import { unreadInChannel, unreadInThread } from './unread.ts';

/** Messages given to the page at once; it asks for earlier ones when somebody scrolls up. */
const PAGE_SIZE = 60;

/** Everything but messages that one person's page starts from. */
export function workspaceSeenBy(state: WorkspaceState, user: string) {
  const direct = state.directChannel(user);
  const channels = [...state.channels.values()].filter(({ members }) => members.includes(user));
  return {
    name: state.name,
    me: user,
    botUser: state.botUser,
    directChannel: direct.id,
    users: [...state.users.values()],
    groups: [...state.groups.values()],
    channels,
    unread: channels.map(({ id }) => ({ channel: id, ...unreadInChannel(state, user, id) })),
    commands: state.seed.commands ?? [],
    shortcuts: state.seed.shortcuts ?? [],
    ephemerals: state.messages.ephemerals(user),
    views: state.openViews(user),
    home: state.homes.get(user) ?? null,
    count: state.changeCount,
  };
}

export function canSee(state: WorkspaceState, user: string, channel: string): boolean {
  return state.channels.get(channel)?.members.includes(user) === true;
}

export interface TimelinePlace {
  readonly channel: string;
  readonly before?: string | undefined;
}

/** The part of a channel's timeline before a timestamp, oldest first. */
export function timelinePage(state: WorkspaceState, user: string, place: TimelinePlace) {
  const { channel, before } = place;
  const all = state.messages
    .timeline(channel)
    .filter(({ ts }) => before === undefined || Number(ts) < Number(before));
  return {
    messages: all.slice(-PAGE_SIZE).map((message) => withThread(state, user, message)),
    hasMore: all.length > PAGE_SIZE,
    count: state.changeCount,
  };
}

/** A thread with its first message. */
export function threadPage(
  state: WorkspaceState,
  user: string,
  { channel, ts }: { readonly channel: string; readonly ts: string },
) {
  const root = state.messages.get(channel, ts);
  const replies = state.messages.replies(channel, ts);
  return {
    messages: [...(root ? [root] : []), ...replies].map((each) => withThread(state, user, each)),
    count: state.changeCount,
  };
}

/** What a change means for one person's page; nothing when it does not concern them. */
export function changesSeenBy(state: WorkspaceState, user: string, change: Change): object[] {
  if (!concerns(state, user, change)) return [];
  if (change.type === 'read') return readChanges(state, change);
  return change.type === 'message' ? messageChanges(state, user, change) : [change];
}

function concerns(state: WorkspaceState, user: string, change: Change): boolean {
  switch (change.type) {
    case 'message':
      return canSee(state, user, change.message.channel);
    case 'channel':
      return change.channel.members.includes(user);
    case 'view':
    case 'home':
      return change.view.user === user;
    case 'ephemeral':
    case 'read':
    case 'view_closed':
      return change.user === user;
    case 'channel_removed':
    case 'group':
      return true;
    case 'file':
    case 'response_url':
      return false;
  }
}

/** A reply changes what its thread's first message shows, too. */
function messageChanges(
  state: WorkspaceState,
  user: string,
  { message }: { readonly message: StoredMessage },
): object[] {
  const root = isReply(message) && state.messages.get(message.channel, message.thread_ts ?? '');
  const { unread } = unreadInChannel(state, user, message.channel);
  return [message, ...(root ? [root] : [])].map((each) => ({
    type: 'message',
    message: withThread(state, user, each),
    unread,
  }));
}

/** Who has read a thread sees it on the thread's first message. */
function readChanges(state: WorkspaceState, { user, place }: ReadChange): object[] {
  const [channel = '', ts] = place.split('/');
  if (ts === undefined) {
    return [{ type: 'read', channel, ...unreadInChannel(state, user, channel) }];
  }
  const root = state.messages.get(channel, ts);
  return root === undefined ? [] : messageChanges(state, user, { message: root });
}

function withThread(state: WorkspaceState, user: string, message: StoredMessage) {
  const thread = isReply(message)
    ? undefined
    : state.messages.threadSummary(message.channel, message.ts);
  if (thread === undefined) return message;
  return { ...message, thread: { ...thread, ...unreadInThread(state, user, message) } };
}
