import { z } from 'zod';
import type { Json } from '../../../json.ts';
import type { SocketLinks } from '../callbacks/socket-links.ts';
import type { TriggerIds } from '../callbacks/trigger-ids.ts';
import type { WorkspaceState } from '../state.ts';
import { SlackApiError } from './api-error.ts';

export interface ApiContext {
  readonly state: WorkspaceState;
  readonly triggers: TriggerIds;
  readonly sockets: Pick<SocketLinks, 'issueUrl'>;
  /** Where the page is served; permalinks and uploads lead there. Ends with a slash. */
  readonly url: () => string;
}

export type ApiAnswer = Readonly<Record<string, unknown>>;
export type Method = (args: unknown, context: ApiContext) => ApiAnswer;

/** A Web API method: its arguments are parsed, then it answers; `ok: true` is added by the server. */
export function method<Args>(
  schema: z.ZodType<Args>,
  answer: (args: Args, context: ApiContext) => ApiAnswer,
): Method {
  return (raw, context) => {
    const parsed = schema.safeParse(raw);
    if (parsed.success) return answer(parsed.data, context);
    const messages = parsed.error.issues.map(
      (issue) => `[ERROR] ${issue.message} [json-pointer:/${issue.path.join('/')}]`,
    );
    throw new SlackApiError('invalid_arguments', { messages });
  };
}

/** Form bodies carry booleans as words. */
export const flag = z
  .union([z.boolean(), z.enum(['true', 'false', '1', '0'])])
  .transform((value) => value === true || value === 'true' || value === '1');

/** Form bodies carry nested values as JSON text. */
export function json<T>(schema: z.ZodType<T>): z.ZodType<T> {
  return z.preprocess(parsedIfText, schema) as z.ZodType<T>;
}

export const limit = z.coerce.number().int().min(1).max(1000).default(100);

function parsedIfText(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value) as Json;
  } catch {
    return value; // the schema says what is wrong with it
  }
}
