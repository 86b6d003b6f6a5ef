import { isReply } from '../message-store.ts';
import type { StoredMessage } from '../model.ts';
import type { Change, WorkspaceState } from '../state.ts';

/** Messages given to the page at once; it asks for earlier ones when somebody scrolls up. */
const PAGE_SIZE = 60;

/** Everything but messages that one person's page starts from. */
export function workspaceSeenBy(state: WorkspaceState, user: string) {
  const direct = state.directChannel(user);
  return {
    name: state.name,
    me: user,
    botUser: state.botUser,
    directChannel: direct.id,
    users: [...state.users.values()],
    groups: [...state.groups.values()],
    channels: [...state.channels.values()].filter(({ members }) => members.includes(user)),
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

/** The part of a channel's timeline before a timestamp, oldest first. */
export function timelinePage(state: WorkspaceState, channel: string, before?: string) {
  const all = state.messages
    .timeline(channel)
    .filter(({ ts }) => before === undefined || Number(ts) < Number(before));
  return {
    messages: all.slice(-PAGE_SIZE).map((message) => withThread(state, message)),
    hasMore: all.length > PAGE_SIZE,
    count: state.changeCount,
  };
}

/** A thread with its first message. */
export function threadPage(state: WorkspaceState, channel: string, ts: string) {
  const root = state.messages.get(channel, ts);
  const replies = state.messages.replies(channel, ts);
  return {
    messages: [...(root ? [root] : []), ...replies].map((each) => withThread(state, each)),
    count: state.changeCount,
  };
}

/** What a change means for one person's page; nothing when it does not concern them. */
export function changesSeenBy(state: WorkspaceState, user: string, change: Change): object[] {
  if (!concerns(state, user, change)) return [];
  return change.type === 'message' ? messageChanges(state, change) : [change];
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
function messageChanges(state: WorkspaceState, { message }: { message: StoredMessage }): object[] {
  const root = isReply(message) && state.messages.get(message.channel, message.thread_ts ?? '');
  return [message, ...(root ? [root] : [])].map((each) => ({
    type: 'message',
    message: withThread(state, each),
  }));
}

function withThread(state: WorkspaceState, message: StoredMessage) {
  const thread = isReply(message)
    ? undefined
    : state.messages.threadSummary(message.channel, message.ts);
  return thread ? { ...message, thread } : message;
}
