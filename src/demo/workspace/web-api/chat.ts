import { z } from 'zod';
import type { StoredMessage } from '../model.ts';
import { SlackApiError } from './api-error.ts';
import { readBlocks } from './blocks-argument.ts';
import { findMessage, visibleChannel, writableChannel } from './conversation-access.ts';
import { apiMessage } from './message-shape.ts';
import { type ApiContext, flag, json, type Method, method } from './method.ts';

/** Longer text is cut off when posted … */
const POSTED_TEXT_CHARACTERS = 40_000;
/** … but refused in an update. */
const UPDATED_TEXT_CHARACTERS = 4000;

const metadata = json(
  z.strictObject({
    event_type: z.string().regex(/^[A-Za-z0-9_-]{1,255}$/),
    event_payload: z.record(z.string(), z.json()),
  }),
);
const noMetadata = json(z.strictObject({})).transform(() => 'none' as const);
const content = {
  channel: z.string().min(1),
  text: z.string().optional(),
  blocks: z.unknown().optional(),
};
const PostArgs = z.object({
  ...content,
  thread_ts: z.string().min(1).optional(),
  reply_broadcast: flag.optional(),
  metadata: metadata.optional(),
});
const UpdateArgs = z.object({
  ...content,
  ts: z.string().min(1),
  metadata: z.union([metadata, noMetadata]).optional(),
});
const EphemeralArgs = z.object({
  ...content,
  user: z.string().min(1),
  thread_ts: z.string().min(1).optional(),
});
const MessageArgs = z.object({ channel: z.string(), ts: z.string() });

export const chatMethods: Record<string, Method> = {
  'chat.postMessage': method(PostArgs, post),
  'chat.update': method(UpdateArgs, update),
  'chat.postEphemeral': method(EphemeralArgs, postEphemeral),
  'chat.delete': method(MessageArgs, remove),
  'chat.getPermalink': method(
    z.object({ channel: z.string(), message_ts: z.string() }),
    getPermalink,
  ),
};

function post(args: z.infer<typeof PostArgs>, { state }: ApiContext) {
  const channel = writableChannel(state, args.channel);
  const { text, blocks } = readContent(args);
  const parent = args.thread_ts === undefined ? undefined : threadRoot(args.thread_ts);
  const message: StoredMessage = {
    channel: channel.id,
    ts: state.nextTs(),
    user: state.botUser,
    text: text.slice(0, POSTED_TEXT_CHARACTERS),
    blocks,
    ...(parent === undefined ? {} : { thread_ts: parent }),
    ...(parent !== undefined && args.reply_broadcast ? { reply_broadcast: true as const } : {}),
    ...(args.metadata ? { metadata: args.metadata } : {}),
  };
  state.apply({ type: 'message', message });
  return {
    channel: channel.id,
    ts: message.ts,
    message: apiMessage(state, message, { metadata: true }),
  };

  /** A reply to a reply goes to the thread they are both in; a thread without its first message is none. */
  function threadRoot(ts: string): string {
    const root = state.messages.get(channel.id, ts);
    if (root) return root.thread_ts ?? root.ts;
    if (state.messages.replies(channel.id, ts).length > 0) return ts;
    throw new SlackApiError('thread_not_found');
  }
}

function update(args: z.infer<typeof UpdateArgs>, { state }: ApiContext) {
  const old = findMessage(state, args.channel, args.ts);
  if (state.channels.get(args.channel)?.is_archived) throw new SlackApiError('is_inactive');
  if (old.user !== state.botUser) throw new SlackApiError('cant_update_message');
  if ((args.text?.length ?? 0) > UPDATED_TEXT_CHARACTERS) throw new SlackApiError('msg_too_long');
  const blocks = readBlocks('message', args.blocks);
  if (args.text === undefined && blocks === undefined) throw new SlackApiError('no_text');
  const { metadata: oldMetadata, ...rest } = old;
  // an empty object takes the metadata away
  const newMetadata = args.metadata === 'none' ? undefined : (args.metadata ?? oldMetadata);
  const message: StoredMessage = {
    ...rest,
    text: args.text ?? '',
    // text alone takes the old blocks away
    blocks: blocks ?? [],
    // only a change of plain text is marked as edited
    ...(blocks === undefined ? { edited: { user: state.botUser, ts: state.nextTs() } } : {}),
    ...(newMetadata ? { metadata: newMetadata } : {}),
  };
  state.apply({ type: 'message', message });
  return {
    channel: old.channel,
    ts: old.ts,
    text: message.text,
    message: apiMessage(state, message, { metadata: true }),
  };
}

function postEphemeral(args: z.infer<typeof EphemeralArgs>, { state }: ApiContext) {
  const channel = writableChannel(state, args.channel);
  if (!channel.members.includes(args.user)) throw new SlackApiError('user_not_in_channel');
  const message: StoredMessage = {
    channel: channel.id,
    ts: state.nextTs(),
    user: state.botUser,
    ...readContent(args),
    ...(args.thread_ts === undefined ? {} : { thread_ts: args.thread_ts }),
  };
  state.apply({ type: 'ephemeral', user: args.user, message });
  return { message_ts: message.ts };
}

function remove(args: z.infer<typeof MessageArgs>, { state }: ApiContext) {
  const message = findMessage(state, args.channel, args.ts);
  if (message.user !== state.botUser) throw new SlackApiError('cant_delete_message');
  state.apply({ type: 'message', message: { ...message, deleted: true } });
  return { channel: message.channel, ts: message.ts };
}

function getPermalink(args: { channel: string; message_ts: string }, { state, url }: ApiContext) {
  const { id } = visibleChannel(state, args.channel);
  const message = findMessage(state, id, args.message_ts);
  return { channel: id, permalink: `${url()}#${id}/${message.ts}` };
}

function readContent(args: { text?: string | undefined; blocks?: unknown }) {
  const blocks = readBlocks('message', args.blocks) ?? [];
  const text = args.text ?? '';
  if (text === '' && blocks.length === 0) throw new SlackApiError('no_text');
  return { text, blocks };
}
