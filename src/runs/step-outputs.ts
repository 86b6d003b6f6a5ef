import sql from 'sql-template-tag';
import type { Queryable } from '../database/database.ts';
import type { JsonObject } from '../json.ts';
import type { PlannedStep } from './run.ts';

/** What steps give to later ones: as carried out where they were, else as planned. */
export async function stepOutputs(
  database: Queryable,
  runId: string,
  steps: readonly PlannedStep[],
): Promise<Record<string, JsonObject>> {
  const rows = await database.query<{ step_id: string; outputs: JsonObject | null }>(
    sql`select step_id, outputs from run_step where run_id = ${runId}`,
  );
  const carriedOut = new Map(rows.map((row) => [row.step_id, row.outputs]));
  return Object.fromEntries(
    steps.map((step) => [step.id, { ...step.outputs, ...carriedOut.get(step.id) }]),
  );
}
