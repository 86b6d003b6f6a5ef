import { randomUUID } from 'node:crypto';
import type { Transaction } from '../database/database.ts';
import type { WorkflowEngine } from '../workflow/workflow.ts';

/**
 * A run that waits for people listens on this one topic. A message is only a bell: what was decided stands in the rows, and
 * is read there, so a bell too many or too early does no harm.
 */
export const WAKE = 'wake';

export async function ring(
  engine: WorkflowEngine,
  tx: Transaction,
  { runId, why }: { runId: string; why: string },
): Promise<void> {
  await engine.send(tx, { runId, topic: WAKE, key: `${why}-${randomUUID()}`, body: { why } });
}
