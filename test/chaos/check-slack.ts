import sql from 'sql-template-tag';
import type { StoredMessage } from '../../src/demo/workspace/model.ts';
import type { Text } from '../../src/language/text.ts';
import { inEnglish } from '../../src/language/translate.ts';
import { line } from '../../src/slack/messages/mrkdwn.ts';
import type { ChaosWorld } from './chaos-world.ts';

interface Told {
  readonly run_id: string;
  readonly seq: number;
  readonly text: Text;
}

interface Kept {
  readonly key: string;
  readonly wanted_hash: string;
  readonly posted_channel: string | null;
  readonly ts: string | null;
  readonly isSent: boolean;
}

/** How many messages are not yet in Slack as they ought to be. */
export async function unsentMessages({ database }: ChaosWorld): Promise<number> {
  const [row] = await database.query<{ unsent: number }>(sql`
    select (select count(*)::int from outbox_message where sent_hash is distinct from wanted_hash)
      + (select count(*)::int from run left join run_projection shown on shown.run_id = run.id
         where shown.version is distinct from run.version) as unsent`);
  return row?.unsent ?? 0;
}

/** What people read that is missing, twice or old, in words. */
export async function checkSlack(world: ChaosWorld): Promise<string[]> {
  const kept = await world.database.query<Kept>(sql`
    select key, wanted_hash, posted_channel, ts, sent_hash is not distinct from wanted_hash as "isSent" from outbox_message`);
  const channels = new Set(kept.flatMap(({ posted_channel }) => posted_channel ?? []));
  const standing = Map.groupBy(
    [...channels].flatMap((channel) => world.workspace.messages(channel)).filter(isOurs),
    (message) => String(message.metadata?.event_payload['key']),
  );
  const told = await world.database.query<Told>(
    sql`select run_id, seq, text from timeline_event order by run_id, seq`,
  );
  return [
    ...kept.flatMap((message) => messageFaults(message, standing.get(message.key) ?? [])),
    ...[...Map.groupBy(told, ({ run_id }) => run_id)].flatMap(([run, events]) =>
      timelineFaults({ run, events, standing }),
    ),
  ];
}

function isOurs({ metadata, deleted }: StoredMessage): boolean {
  return metadata?.event_type === 'handrail_message' && !deleted;
}

function messageFaults(kept: Kept, standing: readonly StoredMessage[]): string[] {
  const [message, ...more] = standing;
  if (!kept.isSent) return [`message ${kept.key} was not sent`];
  if (message === undefined) return [`message ${kept.key} is not in Slack`];
  const isCurrent = message.metadata?.event_payload['hash'] === kept.wanted_hash;
  return [
    ...(more.length > 0 ? [`message ${kept.key} stands ${standing.length} times in Slack`] : []),
    ...(isCurrent ? [] : [`message ${kept.key} is old in Slack`]),
  ];
}

/** The thread shows each event, in order, each in a line of its own. */
function timelineFaults(thread: {
  readonly run: string;
  readonly events: readonly Told[];
  readonly standing: ReadonlyMap<string, readonly StoredMessage[]>;
}): string[] {
  const { run, events, standing } = thread;
  const prefix = `run/${run}/timeline/`;
  const shown = [...standing]
    .filter(([key]) => key.startsWith(prefix))
    .toSorted(([a], [b]) => Number(a.slice(prefix.length)) - Number(b.slice(prefix.length)))
    .flatMap(([, messages]) => messages.flatMap(eventLines));
  const wanted = events.map(({ text }) => line(inEnglish(text), 190));
  const isWhole =
    shown.length === wanted.length && wanted.every((text, at) => shown[at]?.endsWith(text));
  if (isWhole) return [];
  return [
    `the thread of run ${run} shows ${shown.length} of ${wanted.length} events:\n${shown.join('\n')}\nfor\n${wanted.join('\n')}`,
  ];
}

/** Every line but the title. */
function eventLines({ blocks }: StoredMessage): string[] {
  const sections = blocks as readonly { readonly text?: { readonly text?: string } }[];
  return sections
    .flatMap(({ text }) => text?.text?.split('\n') ?? [])
    .filter((each) => each.includes('<!date^'));
}
