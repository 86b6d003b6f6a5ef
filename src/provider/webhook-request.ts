import { createHmac } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { errorMessage, RunbookError } from '../errors.ts';
import { ProviderConfigError } from './provider-error.ts';

export interface WebhookSettings {
  readonly url: string;
  /** Shared with the receiver; signs each request, and is never sent or logged. */
  readonly secret: string;
}

export interface WebhookLimits {
  readonly timeoutMs: number;
  /** Attempts of one request; the idempotency key makes that safe. */
  readonly maxAttempts: number;
  readonly backoffMs: number;
}

export class WebhookError extends RunbookError {
  constructor(message: string, data: { status?: number; url: string; cause?: unknown }) {
    super('provider_webhook', message, {
      cause: data.cause,
      data: { url: data.url, status: data.status },
    });
  }
}

export interface WebhookRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  /** Sent as it is signed. */
  readonly body?: string;
  readonly idempotencyKey?: string;
}

export interface WebhookAnswer {
  readonly status: number;
  readonly body: unknown;
}

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/** @throws ProviderConfigError (`provider_config`) where the secret or the messages could be read on their way */
export function checkWebhook({ url, secret }: WebhookSettings): void {
  if (!URL.canParse(url)) throw new ProviderConfigError('its url is not a URL');
  const { protocol, hostname } = new URL(url);
  if (protocol !== 'https:' && !(protocol === 'http:' && LOOPBACK.test(hostname))) {
    throw new ProviderConfigError('its url must be https, or http to this machine itself');
  }
  if (secret.length < 16) {
    throw new ProviderConfigError('its secret has fewer than 16 characters; use a random one');
  }
}

/**
 * Sends a signed request, again after lost connections, 429 and 5xx: the receiver knows a repeated one by its key.
 * The signature is the hex HMAC-SHA256 of `<x-handrail-timestamp>.<body>`, for a GET of `<x-handrail-timestamp>.<url>`.
 * @throws WebhookError (`provider_webhook`)
 */
export async function callWebhook(
  settings: WebhookSettings,
  request: WebhookRequest,
  limits: WebhookLimits,
): Promise<WebhookAnswer> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const answer = await send(settings, request, limits.timeoutMs);
      const again = answer.status === 429 || answer.status >= 500;
      if (!again || attempt >= limits.maxAttempts) return answer;
    } catch (error) {
      if (attempt >= limits.maxAttempts) throw noAnswer(request, error);
    }
    await sleep(limits.backoffMs * 2 ** (attempt - 1) * (0.5 + Math.random() / 2));
  }
}

async function send(
  { secret }: WebhookSettings,
  { method, url, body, idempotencyKey }: WebhookRequest,
  timeoutMs: number,
): Promise<WebhookAnswer> {
  const timestamp = String(Math.floor(Date.now() / 1000));
  const signed = `${timestamp}.${body ?? url}`;
  const response = await fetch(url, {
    method,
    // A redirect would carry what is meant for the receiver to somebody else.
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
    headers: {
      accept: 'application/json',
      'x-handrail-timestamp': timestamp,
      'x-handrail-signature': createHmac('sha256', secret).update(signed).digest('hex'),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
    },
    ...(body === undefined ? {} : { body }),
  });
  return { status: response.status, body: parseJson(await response.text()) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function noAnswer({ method, url }: WebhookRequest, cause: unknown): WebhookError {
  const inner = cause instanceof Error && cause.cause ? cause.cause : cause;
  const message = `webhook ${method} ${url} brought no answer (${errorMessage(inner)}); it may have arrived, and can be repeated safely`;
  return new WebhookError(message, { url, cause });
}

/** What a receiver may say about a request; everything is optional but what is there must be right. */
export const WebhookReport = z.object({
  statusUrl: z.string().optional(),
  status: z.enum(['accepted', 'running', 'succeeded', 'failed']).optional(),
  detail: z.string().max(500).default(''),
});
export type WebhookReport = z.infer<typeof WebhookReport>;
