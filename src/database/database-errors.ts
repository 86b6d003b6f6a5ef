import { errorCode, RunbookError } from '../errors.ts';
import { say } from '../language/text.ts';
import { isPassing } from './connection-errors.ts';

const DISK_FULL = '53100';

/**
 * Postgres could not be reached, went away before it answered, or cannot do it now: whether the statement counted is then
 * not known.
 */
export class DatabaseUnavailableError extends RunbookError {
  constructor(cause: Error) {
    const why = {
      what: isPassing(cause)
        ? say('Postgres cannot do it just now')
        : say('Postgres is not reachable'),
      detail: cause.message || (errorCode(cause) ?? ''),
    };
    const text =
      errorCode(cause) === DISK_FULL
        ? say(
            '{what}: {detail}; free some space on its disk; Handrail goes on by itself once it is back',
            why,
          )
        : say('{what}: {detail}; Handrail goes on by itself once it is back', why);
    super('database_unavailable', text, { cause });
  }
}

/** Nothing of the transaction counted: one of its statements had failed, and whoever sent it went on regardless. */
export class TransactionAbortedError extends RunbookError {
  constructor() {
    super(
      'transaction_aborted',
      'The transaction was rolled back: a statement in it had failed and its error was ignored; this is a mistake in Handrail',
    );
  }
}

/** The Postgres that Handrail brings along cannot be used here. */
export class EmbeddedPostgresError extends RunbookError {
  constructor(message: string, options: { cause?: unknown; data?: Record<string, unknown> } = {}) {
    super('embedded_postgres_failed', message, options);
  }
}
