import { z } from 'zod';
import type { Channel, StoredMessage } from '../model.ts';
import type { WorkspaceState } from '../state.ts';
import { SlackApiError } from './api-error.ts';
import { visibleChannel } from './conversation-access.ts';
import { apiMessage } from './message-shape.ts';
import { type ApiContext, flag, limit, type Method, method } from './method.ts';

const page = {
  channel: z.string().min(1),
  cursor: z.string().optional(),
  limit,
  oldest: z.string().default('0'),
  latest: z.string().optional(),
  inclusive: flag.optional(),
  include_all_metadata: flag.optional(),
};
const HistoryArgs = z.object(page);
const RepliesArgs = z.object({ ...page, ts: z.string().min(1) });
const OpenArgs = z.object({
  users: z.string().optional(),
  channel: z.string().optional(),
  return_im: flag.optional(),
});
const ListArgs = z.object({ channel: z.string().min(1), cursor: z.string().optional(), limit });

export const conversationMethods: Record<string, Method> = {
  'conversations.open': method(OpenArgs, open),
  'conversations.info': method(z.object({ channel: z.string() }), ({ channel }, { state }) => ({
    channel: apiChannel(state, visibleChannel(state, channel)),
  })),
  'conversations.history': method(HistoryArgs, history),
  'conversations.replies': method(RepliesArgs, replies),
  'conversations.members': method(ListArgs, (args, { state }) => {
    const { items, next } = cut(visibleChannel(state, args.channel).members, args);
    return { members: items, response_metadata: { next_cursor: next } };
  }),
  'users.conversations': method(
    z.object({ user: z.string().optional(), cursor: z.string().optional(), limit }),
    (args, { state }) => {
      const mine = [...state.channels.values()].filter(
        (channel) => !channel.is_im && channel.members.includes(args.user ?? state.botUser),
      );
      const { items, next } = cut(mine, args);
      return {
        channels: items.map((channel) => apiChannel(state, channel)),
        response_metadata: { next_cursor: next },
      };
    },
  ),
};

function open(args: z.infer<typeof OpenArgs>, { state }: ApiContext) {
  if (args.channel) {
    return { channel: apiChannel(state, visibleChannel(state, args.channel)) };
  }
  const ids = (args.users ?? '').split(',').filter((id) => id !== '');
  const [id] = ids;
  if (id === undefined) throw new SlackApiError('users_list_not_supplied');
  if (ids.length > 1) throw new SlackApiError('method_not_supported_for_channel_type');
  const user = state.users.get(id);
  if (!user || user.deleted) throw new SlackApiError('user_not_found');
  if (user.is_bot) throw new SlackApiError('cannot_dm_bot');
  const isOpen = [...state.channels.values()].some((each) => each.is_im && each.name === id);
  const channel = state.directChannel(id);
  return {
    ...(isOpen ? { no_op: true, already_open: true } : {}),
    channel: args.return_im ? apiChannel(state, channel) : { id: channel.id },
  };
}

/** The timeline, newest first. */
function history(args: z.infer<typeof HistoryArgs>, { state }: ApiContext) {
  const channel = memberChannel(state, args.channel);
  const found = between(state.messages.timeline(channel.id), args).reverse();
  return answerPage(found, args, state);
}

/** The thread, oldest first, its first message at the head of each page as in Slack. */
function replies(args: z.infer<typeof RepliesArgs>, { state }: ApiContext) {
  const channel = memberChannel(state, args.channel);
  const asked = state.messages.get(channel.id, args.ts);
  const rootTs = asked?.thread_ts ?? args.ts;
  const root = state.messages.get(channel.id, rootTs);
  const all = state.messages.replies(channel.id, rootTs);
  if (!root && all.length === 0) throw new SlackApiError('thread_not_found');
  const answer = answerPage(between(all, args), args, state);
  const head = root
    ? [apiMessage(state, root, { metadata: args.include_all_metadata === true })]
    : [];
  return { ...answer, messages: [...head, ...answer.messages] };
}

function memberChannel(state: WorkspaceState, id: string): Channel {
  const channel = visibleChannel(state, id);
  if (!channel.members.includes(state.botUser)) throw new SlackApiError('not_in_channel');
  return channel;
}

/** Timestamps of equal form compare as text. */
function between(
  messages: readonly StoredMessage[],
  { oldest, latest, inclusive }: z.infer<typeof HistoryArgs>,
): StoredMessage[] {
  return messages.filter(({ ts }) => {
    if (inclusive && (ts === oldest || ts === latest)) return true;
    return Number(ts) > Number(oldest) && (latest === undefined || Number(ts) < Number(latest));
  });
}

function answerPage(
  messages: readonly StoredMessage[],
  args: z.infer<typeof HistoryArgs>,
  state: WorkspaceState,
) {
  const { items, next } = cut(messages, args);
  const metadata = args.include_all_metadata === true;
  return {
    messages: items.map((message) => apiMessage(state, message, { metadata })),
    has_more: next !== '',
    response_metadata: { next_cursor: next },
  };
}

/** One page of a list; the cursor is the place where the next begins. */
function cut<T>(all: readonly T[], args: { cursor?: string | undefined; limit: number }) {
  const start = args.cursor ? Number(Buffer.from(args.cursor, 'base64').toString()) : 0;
  if (!Number.isInteger(start)) throw new SlackApiError('invalid_cursor');
  const end = start + args.limit;
  const next = end < all.length ? Buffer.from(String(end)).toString('base64') : '';
  return { items: all.slice(start, end), next };
}

function apiChannel(state: WorkspaceState, channel: Channel) {
  if (channel.is_im) {
    return { id: channel.id, is_im: true, user: channel.name, is_archived: false };
  }
  return {
    id: channel.id,
    name: channel.name,
    name_normalized: channel.name,
    is_channel: true,
    is_im: false,
    is_private: false,
    is_archived: channel.is_archived === true,
    is_ext_shared: false,
    is_member: channel.members.includes(state.botUser),
    num_members: channel.members.length,
    topic: { value: channel.topic ?? '' },
  };
}
