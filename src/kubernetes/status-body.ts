import { z } from 'zod';
import type { StatusCause } from './kubernetes.ts';
import { readJson } from './read-json.ts';

/** An answer that is no success. */
export interface FailedAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What the API server says with a refusal. */
const Status = z.object({
  kind: z.literal('Status'),
  message: z.string().default(''),
  reason: z.string().default(''),
  details: z
    .object({
      causes: z
        .array(
          z.object({
            reason: z.string().default(''),
            message: z.string().default(''),
            field: z.string().optional(),
          }),
        )
        .default([]),
      retryAfterSeconds: z.number().optional(),
    })
    .default({ causes: [] }),
});
export type Status = z.infer<typeof Status>;

/** Undefined where something else answered, or the API server without a Status: proxies and unknown paths answer with text. */
export function readStatus(body: string): Status | undefined {
  return Status.safeParse(readJson(body)).data;
}

export function causesOf(status: Status | undefined): StatusCause[] {
  return (status?.details.causes ?? []).map(({ reason, message, field }) => ({
    reason,
    message,
    ...(field === undefined ? {} : { field }),
  }));
}

export function reasonOf(http: number, status: Status | undefined): string {
  if (status?.reason) return status.reason;
  if (http === 404) return status ? 'NotFound' : 'ApiNotServed';
  return REASONS[http] ?? (http >= 500 ? 'InternalError' : 'Refused');
}

const REASONS: Readonly<Record<number, string>> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  405: 'MethodNotAllowed',
  409: 'Conflict',
  410: 'Expired',
  415: 'UnsupportedMediaType',
  422: 'Invalid',
  429: 'TooManyRequests',
  503: 'ServiceUnavailable',
  504: 'Timeout',
};

/** Milliseconds; the header first, in seconds or as a date, then the Status. */
export function retryAfter(
  { headers }: FailedAnswer,
  status: Status | undefined,
): number | undefined {
  const header = headers['retry-after'];
  const seconds = header === undefined ? status?.details.retryAfterSeconds : Number(header);
  if (seconds !== undefined && Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(header ?? '');
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now());
}

/** Whether something for people answered: a proxy, a load balancer, a sign-in page. */
export function isWebPage({ headers, body }: Pick<FailedAnswer, 'headers' | 'body'>): boolean {
  return (headers['content-type'] ?? '').includes('html') || /^\s*<(!doctype|html)/i.test(body);
}
