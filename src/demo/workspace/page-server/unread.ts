import type { StoredMessage } from '../model.ts';
import type { ReadChange } from '../read-marks.ts';
import type { WorkspaceState } from '../state.ts';

export interface Unread {
  /** The newest message read, if any. */
  readonly lastRead: string | null;
  readonly unread: number;
}

/** What of a channel's timeline one person has not read. */
export function unreadInChannel(state: WorkspaceState, user: string, channel: string): Unread {
  return unreadAmong(state, { user, place: channel }, state.messages.timeline(channel));
}

/** What of a thread's replies one person has not read. */
export function unreadInThread(
  state: WorkspaceState,
  user: string,
  { channel, ts }: StoredMessage,
): Unread {
  return unreadAmong(
    state,
    { user, place: `${channel}/${ts}` },
    state.messages.replies(channel, ts),
  );
}

/** Remembers how far somebody has read; it never goes back. */
export function markRead(state: WorkspaceState, mark: Omit<ReadChange, 'type'>): void {
  const before = state.readMarks.get(mark.user, mark.place);
  if (before !== undefined && Number(before) >= Number(mark.ts)) return;
  state.apply({ type: 'read', ...mark });
}

function unreadAmong(
  state: WorkspaceState,
  { user, place }: { readonly user: string; readonly place: string },
  messages: readonly StoredMessage[],
): Unread {
  const lastRead = state.readMarks.get(user, place);
  const isNews = (message: StoredMessage) =>
    message.user !== user && (lastRead === undefined || Number(message.ts) > Number(lastRead));
  return { lastRead: lastRead ?? null, unread: messages.filter(isNews).length };
}
