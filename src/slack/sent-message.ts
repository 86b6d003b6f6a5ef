import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import type { DueMessage } from './outbox-table.ts';

/** Names our messages in Slack. Anybody in the workspace can read it: ids only. */
const EVENT_TYPE = 'handrail_message';
/** Further back than any clock is wrong. */
const CLOCK_SLACK_S = 120;
const PAGES = 5;

export function messageMetadata(message: DueMessage) {
  return {
    event_type: EVENT_TYPE,
    event_payload: { key: message.key, hash: message.wanted_hash },
  };
}

const Found = z.object({
  ts: z.string(),
  user: z.string().optional(),
  bot_id: z.string().optional(),
  metadata: z
    .object({
      event_type: z.string(),
      event_payload: z.object({ key: z.string(), hash: z.string() }).partial(),
    })
    .optional(),
});
type Found = z.infer<typeof Found>;
const Page = z.object({
  messages: z.array(z.unknown()).default([]),
  response_metadata: z.object({ next_cursor: z.string().optional() }).optional(),
});

/** Who we are, so that nobody else's message is taken for ours. */
export interface Ourselves {
  readonly userId: string;
  readonly botId: string | undefined;
}

/** Whether a post whose answer never came stands in Slack all the same. Throws what the Web API throws. */
export async function findSent(
  client: WebClient,
  message: DueMessage,
  place: { readonly channel: string; readonly ourselves: Ourselves },
): Promise<{ readonly ts: string; readonly hash: string } | undefined> {
  let cursor: string | undefined;
  for (let page = 0; page < PAGES; page += 1) {
    const answer = Page.parse(await readPage(client, message, { ...place, cursor }));
    const found = answer.messages
      .flatMap((each) => Found.safeParse(each).data ?? [])
      .find((each) => isOurs(each, message.key, place.ourselves));
    if (found) return { ts: found.ts, hash: found.metadata?.event_payload.hash ?? '' };
    cursor = answer.response_metadata?.next_cursor || undefined;
    if (cursor === undefined) return undefined;
  }
  return undefined;
}

function readPage(
  client: WebClient,
  message: DueMessage,
  place: { readonly channel: string; readonly cursor: string | undefined },
) {
  const since = (message.uncertain_since?.getTime() ?? Date.now()) / 1000 - CLOCK_SLACK_S;
  const range = {
    channel: place.channel,
    oldest: since.toFixed(6),
    include_all_metadata: true,
    limit: 200,
    ...(place.cursor !== undefined && { cursor: place.cursor }),
  };
  return message.thread_ts === null
    ? client.conversations.history(range)
    : client.conversations.replies({ ...range, ts: message.thread_ts });
}

function isOurs(found: Found, key: string, { userId, botId }: Ourselves): boolean {
  const ours = found.user === userId || (botId !== undefined && found.bot_id === botId);
  return (
    ours && found.metadata?.event_type === EVENT_TYPE && found.metadata.event_payload.key === key
  );
}
