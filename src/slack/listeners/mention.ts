import { actions, button, section } from '../messages/blocks.ts';
import { runOfThread } from '../outbox-table.ts';
import { answerCommand } from './answer-command.ts';
import type { ListenerParts } from './listener-parts.ts';
import { once } from './once.ts';
import { MentionEvent } from './payloads.ts';
import { tellInChannel } from './tell.ts';

/** `@Handrail …`, and what is written to Handrail directly: the grammar of the slash command, also in threads. */
export async function answerMention(
  parts: ListenerParts,
  event: unknown,
  eventId: string,
): Promise<void> {
  const mention = MentionEvent.safeParse(event).data;
  // edits, joins and the like have a subtype, and no bot is answered
  if (!mention || mention.subtype !== undefined || mention.bot_id !== undefined) return;
  const { user, channel, thread_ts: threadTs } = mention;
  const tell = tellInChannel(parts, { user, channel, threadTs });
  const pick = async (cluster: string | undefined) => {
    const text = 'Choose a runbook, or type its name behind the mention.';
    const open = button({
      actionId: 'picker_open',
      value: JSON.stringify({ channel, ...(cluster && { cluster }) }),
      label: 'Choose a runbook',
      spoken: 'Choose a runbook to run',
      style: 'primary',
    });
    await tell({ text, blocks: [section(text), actions(open)] });
  };
  await once(parts, { id: `event:${eventId}`, tell }, async () => {
    const text = await aboutThread(parts, mention);
    await answerCommand(parts, { text, user, channel, tell, pick });
  });
}

/** In the thread of a run, `status`, `cancel` and `stop` mean that run. */
async function aboutThread({ database }: ListenerParts, mention: MentionEvent): Promise<string> {
  const { text, channel, thread_ts: ts } = mention;
  const verb = /^\s*(?:<@[^>]*>)?\s*(status|cancel|stop)\s*$/i.exec(text)?.[1]?.toLowerCase();
  if (verb === undefined || ts === undefined) return text;
  const run = await runOfThread(database, { channel, ts });
  if (run === undefined) return text;
  return `${verb === 'stop' ? 'cancel' : verb} ${run}`;
}
