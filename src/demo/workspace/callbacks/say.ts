import type { StoredMessage } from '../model.ts';
import type { WorkspaceState } from '../state.ts';
import { TEAM_ID } from '../web-api/message-shape.ts';
import { channelPayload, userPayload } from './callback-context.ts';
import type { EventDelivery } from './events.ts';
import { toMarkup } from './typed-text.ts';

export interface Saying {
  readonly user: string;
  readonly channel: string;
  /** As typed. */
  readonly text: string;
  readonly threadTs?: string | undefined;
}

/** Posts what a person typed, and tells the app when it is in the conversation or is mentioned. */
export async function say(
  state: WorkspaceState,
  events: EventDelivery,
  saying: Saying,
): Promise<StoredMessage> {
  userPayload(state, saying.user);
  channelPayload(state, saying.channel, saying.user);
  const message: StoredMessage = {
    channel: saying.channel,
    ts: state.nextTs(),
    user: saying.user,
    text: toMarkup(state, saying.text),
    blocks: [],
    ...(saying.threadTs === undefined ? {} : { thread_ts: saying.threadTs }),
  };
  state.apply({ type: 'message', message });
  await state.saved();
  const channel = state.channels.get(saying.channel);
  if (channel?.is_im) {
    await events.deliver({ ...eventOf(message), type: 'message', channel_type: 'im' });
  } else if (message.text.includes(`<@${state.botUser}>`)) {
    await events.deliver({ ...eventOf(message), type: 'app_mention' });
  }
  return message;
}

function eventOf(message: StoredMessage): Record<string, unknown> {
  const { channel, ts, user, text, thread_ts } = message;
  return {
    user,
    text,
    ts,
    channel,
    team: TEAM_ID,
    event_ts: ts,
    client_msg_id: crypto.randomUUID(),
    ...(thread_ts === undefined ? {} : { thread_ts }),
  };
}
