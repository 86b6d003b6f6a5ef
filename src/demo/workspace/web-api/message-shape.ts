import type { StoredMessage } from '../model.ts';
import type { WorkspaceState } from '../state.ts';

/** The app's ids, as in `bot_id` and `app_id` of its messages. */
export const BOT_ID = 'B0HANDRAIL';
export const APP_ID = 'A0HANDRAIL';
export const TEAM_ID = 'T0MERIDIAN';
export const TEAM_DOMAIN = 'meridian';

/** A message as the Web API and the callbacks give it. Metadata only on demand, as in Slack. */
export function apiMessage(
  state: WorkspaceState,
  message: StoredMessage,
  options: { metadata?: boolean } = {},
): Record<string, unknown> {
  const isBot = message.user === state.botUser;
  return {
    type: 'message',
    user: message.user,
    ...(isBot ? { bot_id: BOT_ID, app_id: APP_ID } : {}),
    text: message.text,
    ts: message.ts,
    team: TEAM_ID,
    ...(message.blocks.length > 0 ? { blocks: message.blocks } : {}),
    ...optionalFields(message),
    ...threadFields(state, message),
    ...(options.metadata && message.metadata ? { metadata: message.metadata } : {}),
  };
}

function optionalFields(message: StoredMessage): Record<string, unknown> {
  return {
    ...(message.reply_broadcast ? { subtype: 'thread_broadcast' } : {}),
    ...(message.edited ? { edited: message.edited } : {}),
    ...(message.files ? { files: message.files, upload: true } : {}),
    ...(message.pinned ? { pinned_to: [message.channel] } : {}),
    ...(message.reactions ? { reactions: message.reactions.map(withCount) } : {}),
  };
}

function withCount(reaction: { name: string; users: readonly string[] }): Record<string, unknown> {
  return { ...reaction, count: reaction.users.length };
}

function threadFields(state: WorkspaceState, message: StoredMessage): Record<string, unknown> {
  if (message.thread_ts !== undefined && message.thread_ts !== message.ts) {
    const parent = state.messages.get(message.channel, message.thread_ts);
    return {
      thread_ts: message.thread_ts,
      ...(parent ? { parent_user_id: parent.user } : {}),
    };
  }
  const thread = state.messages.threadSummary(message.channel, message.ts);
  if (!thread) return {};
  return { thread_ts: message.ts, reply_users_count: thread.reply_users.length, ...thread };
}
