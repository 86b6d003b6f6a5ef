import type { StoredMessage } from './model.ts';

/** Facts about a thread that Slack shows on its first message. */
export interface ThreadSummary {
  readonly reply_count: number;
  readonly reply_users: readonly string[];
  readonly latest_reply: string;
}

/** A message in a conversation, or one for a single person's eyes. */
export type MessageChange =
  | { readonly type: 'message'; readonly message: StoredMessage }
  | { readonly type: 'ephemeral'; readonly user: string; readonly message: StoredMessage };

/** The messages of all conversations, in the order of their timestamps. */
export class MessageStore {
  readonly #channels = new Map<string, Map<string, StoredMessage>>();
  readonly #threads = new Map<string, Map<string, StoredMessage>>();
  readonly #ephemerals = new Map<string, Map<string, StoredMessage>>();

  /** Adds the message, or replaces the one with its timestamp. */
  put(message: StoredMessage): void {
    within(this.#channels, message.channel).set(message.ts, message);
    if (isReply(message)) {
      within(this.#threads, `${message.channel}/${message.thread_ts}`).set(message.ts, message);
    }
  }

  /** Adds or replaces what only `user` sees; a deleted one disappears. */
  putEphemeral(user: string, message: StoredMessage): void {
    if (message.deleted) within(this.#ephemerals, user).delete(message.ts);
    else within(this.#ephemerals, user).set(message.ts, message);
  }

  /** The message, unless it has been deleted. */
  get(channel: string, ts: string): StoredMessage | undefined {
    const message = this.#channels.get(channel)?.get(ts);
    return message?.deleted ? undefined : message;
  }

  getEphemeral(user: string, ts: string): StoredMessage | undefined {
    return this.#ephemerals.get(user)?.get(ts);
  }

  /** All of a channel, deleted ones too, oldest first. */
  all(channel: string): StoredMessage[] {
    return [...(this.#channels.get(channel)?.values() ?? [])];
  }

  /** What the channel itself shows: no replies but those sent to the channel too. Oldest first. */
  timeline(channel: string): StoredMessage[] {
    return this.all(channel).filter(
      (message) => !message.deleted && (!isReply(message) || message.reply_broadcast === true),
    );
  }

  /** The replies of a thread, oldest first, without the message they answer. */
  replies(channel: string, threadTs: string): StoredMessage[] {
    const thread = this.#threads.get(`${channel}/${threadTs}`);
    return [...(thread?.values() ?? [])].filter((message) => !message.deleted);
  }

  ephemerals(user: string): StoredMessage[] {
    return [...(this.#ephemerals.get(user)?.values() ?? [])];
  }

  /** All messages as the changes that make them. */
  everything(): MessageChange[] {
    const shared = [...this.#channels.values()].flatMap((channel) =>
      [...channel.values()].map((message): MessageChange => ({ type: 'message', message })),
    );
    const own = [...this.#ephemerals].flatMap(([user, messages]) =>
      [...messages.values()].map(
        (message): MessageChange => ({ type: 'ephemeral', user, message }),
      ),
    );
    return [...shared, ...own];
  }

  threadSummary(channel: string, ts: string): ThreadSummary | undefined {
    const replies = this.replies(channel, ts);
    const last = replies.at(-1);
    if (!last) return undefined;
    return {
      reply_count: replies.length,
      reply_users: [...new Set(replies.map((reply) => reply.user))],
      latest_reply: last.ts,
    };
  }
}

export function isReply(message: StoredMessage): boolean {
  return message.thread_ts !== undefined && message.thread_ts !== message.ts;
}

function within(
  stores: Map<string, Map<string, StoredMessage>>,
  key: string,
): Map<string, StoredMessage> {
  const known = stores.get(key);
  if (known) return known;
  const store = new Map<string, StoredMessage>();
  stores.set(key, store);
  return store;
}
