import type { ServerResponse } from 'node:http';
import { sendJson } from '../http-server.ts';
import type { SlackFault } from '../slack-fault.ts';

/**
 * Lets a fault that keeps a call from having its effect have its way. Returns what to note as its error; undefined where the
 * call goes on.
 */
export function keepOut(response: ServerResponse, fault: SlackFault): string | undefined {
  if ('error' in fault) {
    sendJson(response, 200, { ok: false, error: fault.error });
    return fault.error;
  }
  if ('status' in fault || 'retryAfter' in fault) return refuse(response, fault);
  if ('reset' in fault && fault.reset === 'before') {
    response.destroy();
    return 'reset';
  }
  return 'hang' in fault && fault.hang === 'before' ? 'hang' : undefined;
}

/** The answer of HTTP alone, as for a rate limit. */
export function refuse(
  response: ServerResponse,
  fault: { readonly status?: number; readonly retryAfter?: number },
): string {
  const { status = 429, retryAfter } = fault;
  if (retryAfter !== undefined) response.setHeader('retry-after', String(retryAfter));
  sendJson(response, status, { ok: false, error: status === 429 ? 'ratelimited' : 'fatal_error' });
  return `http_${status}`;
}

/** Sends what the fault leaves of an answer. */
export function sendFaulty(response: ServerResponse, answer: unknown, fault: SlackFault): void {
  if ('reset' in fault) response.destroy();
  else if ('truncate' in fault) truncate(response, JSON.stringify(answer), fault.truncate);
  else if (!('hang' in fault)) sendJson(response, 200, answer);
}

function truncate(response: ServerResponse, text: string, what: 'bytes' | 'json'): void {
  const whole = Buffer.from(text);
  const half = whole.subarray(0, Math.ceil(whole.length / 2));
  const promised = what === 'bytes' ? whole.length : half.length;
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': promised });
  response.write(half, () => {
    if (what === 'bytes') response.destroy();
    else response.end();
  });
}
