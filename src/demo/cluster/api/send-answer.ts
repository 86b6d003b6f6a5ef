import type { ServerResponse } from 'node:http';
import type { ApiResponse } from './request.ts';

/** Texts go out as they are, everything else as JSON. */
export function sendAnswer(response: ServerResponse, answered: ApiResponse): void {
  response.writeHead(answered.status, {
    'content-type': isText(answered) ? 'text/plain; charset=utf-8' : 'application/json',
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
