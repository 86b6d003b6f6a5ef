import type { KnownBlock } from '@slack/types';
import type { Logger } from 'pino';
import { errorMessage } from '../../errors.ts';
import type { PrivateAnswer } from '../messages/private-answer.ts';
import type { ListenerParts } from './listener-parts.ts';

/** Tells the person who acted, and nobody else. Never throws: there is nobody left to tell. */
export type Tell = (answer: PrivateAnswer) => Promise<void>;

/** The part of Bolt's `respond` that is used. */
type Respond = (message: {
  text: string;
  blocks?: KnownBlock[];
  response_type: 'ephemeral';
  replace_original: false;
}) => Promise<unknown>;

/** Through the address that came with a command or a click: it works in channels that the app is not in. */
export function tellByResponse(respond: Respond, log: Logger): Tell {
  return async ({ text, blocks }) => {
    try {
      await respond({
        text,
        ...(blocks && { blocks: [...blocks] }),
        response_type: 'ephemeral',
        replace_original: false,
      });
    } catch (error) {
      log.warn({ reason: errorMessage(error) }, 'a private answer could not be given');
    }
  };
}

export interface Whereabouts {
  readonly user: string;
  readonly channel?: string | undefined;
  readonly threadTs?: string | undefined;
}

/** Where no such address came: beside the conversation, else in a direct message. */
export function tellInChannel({ client, log }: ListenerParts, where: Whereabouts): Tell {
  return async ({ text, blocks }) => {
    const content = { text, ...(blocks && { blocks: [...blocks] }) };
    try {
      if (where.channel === undefined || where.channel.startsWith('D')) {
        await client.chat.postMessage({ channel: where.channel ?? where.user, ...content });
        return;
      }
      await client.chat.postEphemeral({
        channel: where.channel,
        user: where.user,
        ...content,
        ...(where.threadTs && { thread_ts: where.threadTs }),
      });
    } catch (error) {
      log.warn({ user: where.user, reason: errorMessage(error) }, 'a private answer was not given');
    }
  };
}
