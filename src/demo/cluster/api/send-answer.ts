import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { ApiResponse } from './request.ts';

/** What every answer bears; the id is that of its entry in the API server's own audit log. */
export function commonHeaders(): Record<string, string> {
  return { 'audit-id': randomUUID(), 'cache-control': 'no-cache, private' };
}

/** Texts go out as they are, everything else as JSON. */
export function sendAnswer(response: ServerResponse, answered: ApiResponse): void {
  response.writeHead(answered.status, {
    'content-type': isText(answered) ? 'text/plain; charset=utf-8' : 'application/json',
    ...commonHeaders(),
    ...answered.headers,
  });
  response.end(answerText(answered));
}

export function answerText(answered: ApiResponse): string {
  return isText(answered) ? String(answered.body) : JSON.stringify(answered.body);
}

function isText({ body }: ApiResponse): boolean {
  return typeof body === 'string';
}
