import sql from 'sql-template-tag';
import type { Told } from '../actions/action.ts';
import type { Transaction } from '../database/database.ts';
import { storableJson, storableText } from '../storable-text.ts';
import { lockRun, touchRun } from './run-store.ts';

/** Adds a line to a run's timeline; the same key adds it once, however often a step runs. */
export async function tell(
  tx: Transaction,
  runId: string,
  event: Told & { readonly stepId?: string },
): Promise<void> {
  await lockRun(tx, runId);
  const added = await tx.query(sql`
    insert into timeline_event (run_id, seq, key, level, text, step_id)
    select ${runId}, coalesce(max(seq), 0) + 1, ${storableText(event.key)}, ${event.level ?? 'info'}, ${storableJson(event.text)}::jsonb, ${event.stepId ?? null}
    from timeline_event where run_id = ${runId}
    on conflict (run_id, key) do nothing returning 1`);
  if (added.length > 0) await touchRun(tx, runId);
}
