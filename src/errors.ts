import type { Text } from './language/text.ts';
import { inEnglish } from './language/translate.ts';

/**
 * The base of every error a person may read.
 * Its text says what happened, to what object, why, and what to do next; `message` is
 * that in English, `data` holds the same as fields for the log.
 * Branch on `code`, never on `instanceof`: the class is lost when the workflow engine stores an error.
 */
export class RunbookError extends Error {
  readonly code: string;
  /** For people, in the language of each. */
  readonly text: Text;
  readonly data: Readonly<Record<string, unknown>>;

  constructor(
    code: string,
    text: Text,
    options: { cause?: unknown; data?: Record<string, unknown> } = {},
  ) {
    super(inEnglish(text), options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.text = text;
    this.data = options.data ?? {};
  }
}

/** The stable code of an error, if it has one: survives being stored and read back. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What an error says, in every language if it is one of ours; survives being stored and read back. */
export function errorText(error: unknown): Text {
  const ours = typeof error === 'object' && error !== null && 'code' in error && 'text' in error;
  return ours ? (error.text as Text) : errorMessage(error);
}
