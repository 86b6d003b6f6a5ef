import { errorCode } from '../errors.ts';
import { TAKEN_OVER } from '../workflow/workflow.ts';

/** The run goes on, later or elsewhere: no row may say that it failed, and the engine is left to deal with it. */
export function isNoOutcome(error: unknown): boolean {
  const code = errorCode(error);
  return code === 'database_unavailable' || code === TAKEN_OVER;
}
