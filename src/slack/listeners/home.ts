import sql from 'sql-template-tag';
import { inEnglish, translated } from '../../language/translate.ts';
import { approvalKey } from '../messages/approval-card.ts';
import { homeView } from '../messages/home-view.ts';
import type { ListenerParts } from './listener-parts.ts';
import { once } from './once.ts';
import { HomeOpened } from './payloads.ts';
import { tellInChannel } from './tell.ts';

const RECENT = 10;
const ACTIVE = 50;

export async function showHome(
  parts: ListenerParts,
  event: unknown,
  eventId: string,
): Promise<void> {
  const { user, tab } = HomeOpened.parse(event);
  if (tab !== 'home') return;
  const tell = tellInChannel(parts, { user });
  await once(parts, { id: `event:${eventId}`, tell }, () => publishHome(parts, user));
}

/** The Home tab of one person: what waits, what is under way, what has been. */
async function publishHome(parts: ListenerParts, user: string): Promise<void> {
  const { runs, client } = parts;
  const [active, latest] = await Promise.all([
    runs.list({ active: true, limit: ACTIVE }),
    runs.list({ limit: RECENT * 2 }),
  ]);
  const asking = active.filter((run) => run.status === 'awaiting_approval');
  const waiting = await Promise.all(asking.map((run) => runs.get(run.id)));
  const cards = await cardAddresses(parts, waiting);
  const recent = latest.filter((run) => run.endedAt !== undefined).slice(0, RECENT);
  await client.views.publish({
    user_id: user,
    view: homeView({ waiting: translated(waiting, inEnglish), active, recent, cards }),
  });
}

async function cardAddresses(
  { database }: ListenerParts,
  waiting: readonly { readonly id: string; readonly approvals: readonly { gate: number }[] }[],
): Promise<Map<string, string>> {
  const keys = waiting.map((run) => approvalKey(run.id, run.approvals.at(-1)?.gate ?? 1));
  const rows = await database.query<{ run_id: string; permalink: string }>(
    sql`select run_id, permalink from outbox_message where key = any(${keys}) and permalink is not null`,
  );
  return new Map(rows.map((row) => [row.run_id, row.permalink]));
}
