import type { WantedMessage } from '../../src/slack/messages/wanted-message.ts';
import { CHANNEL } from './sample-runs.ts';

/** A message of one section, which says its key. */
export function message(key: string, changes: Partial<WantedMessage> = {}): WantedMessage {
  const text = changes.text ?? `text of ${key}`;
  return {
    key,
    channel: CHANNEL,
    phase: 'one',
    text,
    blocks: [{ type: 'section', text: { type: 'mrkdwn', text } }],
    ...changes,
  };
}
