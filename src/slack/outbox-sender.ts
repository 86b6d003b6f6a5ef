import type { KnownBlock } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import type { Logger } from 'pino';
import type { Database } from '../database/database.ts';
import { resolveLinks } from './messages/wanted-message.ts';
import {
  backOffPosts,
  freeChannel,
  holdChannel,
  pacePosts,
  pausePosts,
  stillHeld,
} from './outbox-channel.ts';
import {
  type DueMessage,
  deferMessage,
  nextDue,
  recordFailure,
  recordNotPosted,
  recordPosting,
  recordStanding,
  rememberPermalink,
} from './outbox-table.ts';
import type { Pace } from './pace.ts';
import { findSent, messageMetadata, type Ourselves } from './sent-message.ts';
import { slackFailure } from './slack-failure.ts';
import { pauseUpdates, takeUpdate } from './update-limit.ts';

/** Attempts without an answer after which the messages behind go first. */
const SETBACKS_IN_ORDER = 6;
const SET_ASIDE_MS = 60_000;

export interface SenderParts {
  readonly database: Database;
  /** Answers 429 at once, retries nothing, times out after some seconds. */
  readonly client: WebClient;
  readonly ourselves: Ourselves;
  readonly pace: Pace;
  readonly log: Logger;
  /** Names this process. */
  readonly holder: string;
}

/** Sends the next message of a channel, if its time has come and nobody else sends there. */
export async function sendNext(parts: SenderParts, channel: string): Promise<void> {
  const { database, holder } = parts;
  if (!(await holdChannel(database, channel, holder))) return;
  try {
    const due = await nextDue(database, channel);
    if (due) await send(parts, due);
  } finally {
    await freeChannel(database, channel, holder);
  }
}

async function send(parts: SenderParts, due: DueMessage): Promise<void> {
  try {
    if (due.ts === null) await post(parts, due);
    else await update(parts, due, due.ts);
  } catch (error) {
    await recover(parts, due, error);
  }
}

async function post(parts: SenderParts, due: DueMessage): Promise<void> {
  const { database, client, pace } = parts;
  const channel = await placeOf(parts, due);
  if (due.uncertain_since !== null && (await adopt(parts, due, channel))) return;
  const { text, blocks } = await contentOf(parts, due);
  if (!(await stillHeld(database, due.channel, parts.holder))) return;
  await recordPosting(database, due.key);
  const answer = await postMessage(client, due, { channel, text, blocks }).catch(
    async (error: unknown) => {
      const isCertain = slackFailure(error).kind !== 'uncertain';
      // an earlier attempt may stand all the same
      if (isCertain && due.uncertain_since === null) await recordNotPosted(database, due.key);
      throw error;
    },
  );
  if (!answer.ts) throw new Error('chat.postMessage answered without a ts');
  await recordStanding(database, due.key, {
    standing: {
      channel: answer.channel ?? channel,
      ts: answer.ts,
      hash: due.wanted_hash,
      phase: due.wanted_phase,
    },
    quietMs: pace.sameMessageEveryMs,
  });
  await pacePosts(database, due.channel, pace.postEveryMs);
}

interface Content {
  readonly channel: string;
  readonly text: string;
  readonly blocks: KnownBlock[];
}

function postMessage(client: WebClient, due: DueMessage, content: Content) {
  const message = {
    ...content,
    metadata: messageMetadata(due),
    unfurl_links: false,
    unfurl_media: false,
  };
  if (due.thread_ts === null) return client.chat.postMessage(message);
  const reply = { thread_ts: due.thread_ts, reply_broadcast: due.wanted.broadcast };
  return client.chat.postMessage({ ...message, ...reply });
}

/** A user is written to in a conversation that has to be opened; a channel is where it is. */
async function placeOf({ client }: SenderParts, due: DueMessage): Promise<string> {
  if (due.posted_channel !== null) return due.posted_channel;
  if (!/^[UW]/.test(due.channel)) return due.channel;
  const { channel } = await client.conversations.open({ users: due.channel });
  if (!channel?.id) throw new Error('conversations.open answered without a channel');
  return channel.id;
}

/** Refusals to show a conversation that say nothing about posts to it; a thread that is not there holds no reply. */
const UNABLE_TO_LOOK = ['missing_scope', 'thread_not_found'];

/** An earlier attempt may have succeeded without our knowing. True where it has. */
async function adopt(parts: SenderParts, due: DueMessage, channel: string): Promise<boolean> {
  const { database, client, ourselves, log, pace } = parts;
  try {
    const sent = await findSent(client, due, { channel, ourselves });
    if (!sent) return false;
    const phase = sent.hash === due.wanted_hash ? due.wanted_phase : null;
    await recordStanding(database, due.key, {
      standing: { channel, phase, ...sent },
      quietMs: pace.sameMessageEveryMs,
    });
    return true;
  } catch (error) {
    const failure = slackFailure(error);
    // other refusals pass, or would refuse the post as well: it is looked for again later
    if (failure.kind !== 'refused' || !UNABLE_TO_LOOK.includes(failure.error)) throw error;
    if (failure.error === 'thread_not_found') return false;
    log.warn(
      { key: due.key, channel, error: failure.error, advice: failure.advice },
      'cannot look whether a message was posted: it is posted again and may stand twice',
    );
    return false;
  }
}

async function update(parts: SenderParts, due: DueMessage, ts: string): Promise<void> {
  const { database, client, pace } = parts;
  const channel = due.posted_channel ?? due.channel;
  const { text, blocks } = await contentOf(parts, due);
  if (!(await takeUpdate(database, pace, due))) return;
  if (!(await stillHeld(database, due.channel, parts.holder))) return;
  await client.chat.update({ channel, ts, text, blocks, metadata: messageMetadata(due) });
  await recordStanding(database, due.key, {
    standing: { channel, ts, hash: due.wanted_hash, phase: due.wanted_phase },
    quietMs: pace.sameMessageEveryMs,
  });
}

/** With the address of the message that it points at. */
async function contentOf({ database, client }: SenderParts, due: DueMessage) {
  const { text, blocks } = due.wanted;
  const content = { text, blocks: [...blocks] };
  const { links_to: key, link_channel: channel, link_ts: message_ts } = due;
  if (key === null || channel === null || message_ts === null) return content;
  if (due.permalink !== null) return resolveLinks(content, { key, permalink: due.permalink });
  const { permalink } = await client.chat.getPermalink({ channel, message_ts });
  if (!permalink) throw new Error('chat.getPermalink answered without a permalink');
  await rememberPermalink(database, key, permalink);
  return resolveLinks(content, { key, permalink });
}

async function recover(parts: SenderParts, due: DueMessage, error: unknown): Promise<void> {
  const { database, pace, log } = parts;
  const failure = slackFailure(error);
  const about = { key: due.key, channel: due.channel };
  switch (failure.kind) {
    case 'rate_limited':
      log.warn({ ...about, retryAfterMs: failure.retryAfterMs }, 'Slack asks to wait');
      if (due.ts === null) await pausePosts(database, due.channel, failure.retryAfterMs);
      else await pauseUpdates(database, failure.retryAfterMs);
      return;
    case 'uncertain':
      log.warn({ ...about, detail: failure.detail }, 'no certain answer from Slack; tried again');
      await setBack(parts, due);
      return;
    case 'refused': {
      const { error: code, advice } = failure;
      const retryMs = pace.refusedRetryMs;
      const news = await recordFailure(database, due.key, { failure: code, advice, retryMs });
      if (news) log.error({ ...about, error: code, advice }, 'message not delivered');
    }
  }
}

/** Posts keep their order, so the channel waits; but not for ever for one that never gets an answer. */
async function setBack({ database, pace, log }: SenderParts, due: DueMessage): Promise<void> {
  if (due.ts !== null) {
    await deferMessage(database, due.key, pace.sameMessageEveryMs);
    return;
  }
  const setbacks = await backOffPosts(database, due.channel, pace.lookUpAfterMs);
  if (setbacks < SETBACKS_IN_ORDER) return;
  await deferMessage(database, due.key, SET_ASIDE_MS);
  log.error({ key: due.key, channel: due.channel, setbacks }, 'set aside: Slack gives no answer');
}
