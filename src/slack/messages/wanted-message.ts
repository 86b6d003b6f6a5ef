import { createHash } from 'node:crypto';
import type { KnownBlock } from '@slack/types';

/** A message that ought to stand in Slack. What stands there and when it is sent is the outbox's affair. */
export interface WantedMessage {
  /** Names the message for ever: the same key is one message, however often its content changes. */
  readonly key: string;
  /** A channel id, or a user id for a direct message. */
  readonly channel: string;
  /** The key of the message under which this one stands as a reply. */
  readonly threadKey?: string;
  /** A reply that is shown in the channel too. */
  readonly broadcast?: boolean;
  /** Somebody waits for it: it is posted before the other posts of its channel. */
  readonly first?: boolean;
  /** The key of the message that `linkTo` points at: this one waits until that one stands. */
  readonly linksTo?: string;
  /** A change of phase is sent at once; other changes are gathered for a few seconds. */
  readonly phase: string;
  /** All that notifications and screen readers get: says everything that the blocks say, in short. */
  readonly text: string;
  readonly blocks: readonly KnownBlock[];
}

const LINK_BASE = 'https://message.invalid/';

/** Stands for the permalink of a message that may not have been posted yet; the outbox puts the real one in. */
export function linkTo(key: string): string {
  return `${LINK_BASE}${key}`;
}

/** Replaces what `linkTo` left in a message by the real address. */
export function resolveLinks<T>(content: T, link: { key: string; permalink: string }): T {
  return JSON.parse(JSON.stringify(content).replaceAll(linkTo(link.key), link.permalink)) as T;
}

/** Tells one content of a message from another. */
export function contentHash(message: WantedMessage): string {
  const { text, blocks, phase } = message;
  return createHash('sha256')
    .update(JSON.stringify([text, blocks, phase]))
    .digest('hex');
}
