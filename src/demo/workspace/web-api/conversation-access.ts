import type { Channel, StoredMessage } from '../model.ts';
import type { WorkspaceState } from '../state.ts';
import { SlackApiError } from './api-error.ts';

/**
 * The conversation that the app may see.
 * @throws SlackApiError `channel_not_found`: it does not exist, or is somebody else's direct conversation
 */
export function visibleChannel(state: WorkspaceState, id: string): Channel {
  const channel = state.channels.get(id);
  if (!channel || (channel.is_im && !channel.members.includes(state.botUser))) {
    throw new SlackApiError('channel_not_found');
  }
  return channel;
}

/**
 * The conversation in which the app may write; a person's id stands for the direct conversation.
 * @throws SlackApiError `channel_not_found`, `is_archived`, `not_in_channel`
 */
export function writableChannel(state: WorkspaceState, id: string): Channel {
  const user = state.users.get(id);
  if (user && !user.is_bot && !user.deleted) return state.directChannel(user.id);
  const channel = visibleChannel(state, id);
  if (channel.is_archived) throw new SlackApiError('is_archived');
  if (!channel.members.includes(state.botUser)) throw new SlackApiError('not_in_channel');
  return channel;
}

/** @throws SlackApiError `channel_not_found`, `message_not_found` */
export function findMessage(state: WorkspaceState, channel: string, ts: string): StoredMessage {
  const message = state.messages.get(visibleChannel(state, channel).id, ts);
  if (!message) throw new SlackApiError('message_not_found');
  return message;
}
