import { RunbookError } from '../errors.ts';

/** Postgres could not be reached, or went away before it answered: whether the statement counted is then not known. */
export class DatabaseUnavailableError extends RunbookError {
  constructor(cause: Error) {
    super(
      'database_unavailable',
      `Postgres is not reachable: ${cause.message}; Handrail goes on by itself once it is back`,
      { cause },
    );
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
