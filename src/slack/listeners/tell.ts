import { setTimeout as delay } from 'node:timers/promises';
import type { KnownBlock } from '@slack/types';
import { z } from 'zod';
import { errorCode } from '../../errors.ts';
import type { PrivateAnswer } from '../messages/private-answer.ts';
import { failureText, slackFailure } from '../slack-failure.ts';
import type { ListenerParts } from './listener-parts.ts';

/** Tells the person who acted, and nobody else. Never throws: there is nobody left to tell. */
export type Tell = (answer: PrivateAnswer) => Promise<void>;

/** A private answer that comes later than this is about something long forgotten. */
const LONGEST_WAIT_MS = 60_000;

/** The part of Bolt's `respond` that is used. */
type Respond = (message: {
  text: string;
  blocks?: KnownBlock[];
  response_type: 'ephemeral';
  replace_original: false;
}) => Promise<unknown>;

/**
 * Through the address that came with a command or a click: it works in channels that the app is not in. Once it is used up,
 * or too old, in a direct message.
 */
export function tellByResponse(parts: ListenerParts, respond: Respond, user: string): Tell {
  return async (answer) => {
    const { text, blocks } = answer;
    try {
      await respond({
        text,
        ...(blocks && { blocks: [...blocks] }),
        response_type: 'ephemeral',
        replace_original: false,
      });
    } catch (error) {
      parts.log.warn({ user, reason: failureText(error) }, 'a response address took no answer');
      if (isRefusal(error)) await tellInChannel(parts, { user })(answer);
    }
  };
}

/** Any other error leaves open whether the person has seen it, and nothing is said twice. */
function isRefusal(error: unknown): boolean {
  if (errorCode(error) !== 'slack_bolt_respond_error') return false;
  const { statusCode } = z.object({ statusCode: z.number() }).parse(error);
  return statusCode < 500;
}

export interface Whereabouts {
  readonly user: string;
  readonly channel?: string | undefined;
  readonly threadTs?: string | undefined;
}

/** Where no such address came: beside the conversation, else in a direct message. */
export function tellInChannel(parts: ListenerParts, where: Whereabouts): Tell {
  return async (answer) => {
    try {
      await onceAllowed(() => show(parts, where, answer));
    } catch (error) {
      const reason = failureText(error);
      parts.log.warn({ user: where.user, reason }, 'a private answer was not given');
    }
  };
}

async function show(
  { client }: ListenerParts,
  { user, channel, threadTs }: Whereabouts,
  { text, blocks }: PrivateAnswer,
): Promise<void> {
  const content = { text, ...(blocks && { blocks: [...blocks] }) };
  if (channel === undefined || channel.startsWith('D')) {
    await client.chat.postMessage({ channel: channel ?? user, ...content });
    return;
  }
  await client.chat.postEphemeral({
    channel,
    user,
    ...content,
    ...(threadTs && { thread_ts: threadTs }),
  });
}

/** Waits once where Slack asks to: it has not shown anything yet. */
async function onceAllowed(call: () => Promise<void>): Promise<void> {
  try {
    await call();
  } catch (error) {
    const failure = slackFailure(error);
    if (failure.kind !== 'rate_limited' || failure.retryAfterMs > LONGEST_WAIT_MS) throw error;
    await delay(failure.retryAfterMs, undefined, { ref: false });
    await call();
  }
}
