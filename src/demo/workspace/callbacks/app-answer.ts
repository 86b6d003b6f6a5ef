import { z } from 'zod';
import type { ResponseAddress, StoredMessage } from '../model.ts';
import type { WorkspaceState } from '../state.ts';
import { SlackApiError } from '../web-api/api-error.ts';
import { readBlocks } from '../web-api/blocks-argument.ts';
import { escapeText } from './typed-text.ts';

/** What an app sends to a response_url, or as the body of its answer to a command. */
export const AppAnswer = z.object({
  text: z.string().optional(),
  blocks: z.unknown().optional(),
  response_type: z.enum(['ephemeral', 'in_channel']).optional(),
  replace_original: z.boolean().optional(),
  delete_original: z.boolean().optional(),
  thread_ts: z.string().optional(),
});
export type AppAnswer = z.infer<typeof AppAnswer>;

type Address = Pick<ResponseAddress, 'user' | 'channel' | 'original' | 'threadTs'>;

/** Shows the answer to the person, or to the channel. @throws SlackApiError for what Slack refuses */
export function showAnswer(state: WorkspaceState, address: Address, answer: AppAnswer): void {
  if (answer.delete_original) {
    changeOriginal(state, address, { deleted: true });
    return;
  }
  const blocks = readBlocks('message', answer.blocks) ?? [];
  const text = answer.text ?? '';
  if (text === '' && blocks.length === 0) throw new SlackApiError('no_text');
  if (answer.replace_original && address.original) {
    changeOriginal(state, address, { text, blocks });
    return;
  }
  const threadTs = answer.thread_ts ?? address.threadTs;
  const message: StoredMessage = {
    channel: address.channel,
    ts: state.nextTs(),
    user: state.botUser,
    text,
    blocks,
    ...(threadTs === undefined ? {} : { thread_ts: threadTs }),
  };
  if (answer.response_type === 'in_channel') state.apply({ type: 'message', message });
  else state.apply({ type: 'ephemeral', user: address.user, message });
}

export interface PrivateWords {
  readonly user: string;
  readonly channel: string;
  readonly text: string;
  readonly threadTs?: string | undefined;
}

/** Words of the workspace itself, for one person's eyes. */
export function tellPrivately(
  state: WorkspaceState,
  { user, channel, text, threadTs }: PrivateWords,
): void {
  const message: StoredMessage = {
    channel,
    ts: state.nextTs(),
    user: 'USLACKBOT',
    text: escapeText(text),
    blocks: [],
    ...(threadTs === undefined ? {} : { thread_ts: threadTs }),
  };
  state.apply({ type: 'ephemeral', user, message });
}

function changeOriginal(
  state: WorkspaceState,
  { user, channel, original }: Address,
  change: Partial<StoredMessage>,
): void {
  if (!original) throw new SlackApiError('message_not_found');
  const { ts } = original;
  const old = original.ephemeral
    ? state.messages.getEphemeral(user, ts)
    : state.messages.get(channel, ts);
  if (!old) throw new SlackApiError('message_not_found');
  const message = { ...old, ...change };
  if (original.ephemeral) state.apply({ type: 'ephemeral', user, message });
  else state.apply({ type: 'message', message });
}
