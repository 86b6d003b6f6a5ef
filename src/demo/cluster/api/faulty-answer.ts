import type { ServerResponse } from 'node:http';
import { ApiError } from '../registry/api-error.ts';
import type { Fault, ProxyPage, Refusal } from './fault.ts';
import type { ApiResponse } from './request.ts';
import { answerText, sendAnswer } from './send-answer.ts';

/**
 * Lets a fault that keeps the request from the API have its way. Returns the status to note, 0 where the API decided
 * nothing; undefined where the request reaches it.
 */
export function keepOut(response: ServerResponse, fault: Fault): number | undefined {
  if ('status' in fault) {
    sendAnswer(response, refusalOf(fault));
    return fault.status;
  }
  if ('html' in fault && fault.when === 'before') {
    sendPage(response, fault);
    return 0;
  }
  if ('reset' in fault && fault.reset === 'before') {
    response.destroy();
    return 0;
  }
  return 'hang' in fault && fault.hang === 'before' ? 0 : undefined;
}

/** Sends what the fault leaves of the API's answer. */
export function sendFaulty(response: ServerResponse, answered: ApiResponse, fault: Fault): void {
  if ('reset' in fault) response.destroy();
  else if ('truncate' in fault) truncate(response, answered, fault.truncate);
  else if ('html' in fault) sendPage(response, fault);
  else if (!('hang' in fault)) sendAnswer(response, answered);
}

function truncate(response: ServerResponse, answered: ApiResponse, what: 'bytes' | 'json'): void {
  const whole = Buffer.from(answerText(answered));
  const half = whole.subarray(0, Math.ceil(whole.length / 2));
  const promised = what === 'bytes' ? whole.length : half.length;
  response.writeHead(answered.status, {
    'content-type': 'application/json',
    'content-length': promised,
  });
  response.write(half, () => {
    if (what === 'bytes') response.destroy();
    else response.end();
  });
}

function sendPage(response: ServerResponse, { html: status }: ProxyPage): void {
  const title = `${status} from a proxy`;
  response.writeHead(status, { 'content-type': 'text/html; charset=utf-8' });
  response.end(
    `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n`,
  );
}

/** As the API server words it. */
function refusalOf({ status, retryAfter }: Refusal): ApiResponse {
  if (status === 429 && retryAfter !== undefined) return tooManyRequests(retryAfter);
  const why = 'fault on demand';
  const isInternal = REASONS[status] === undefined;
  const error = new ApiError({
    code: status,
    reason: REASONS[status] ?? 'InternalError',
    message: isInternal ? `Internal error occurred: ${why}` : why,
    details: {
      ...(isInternal && { causes: [{ reason: '', message: why }] }),
      ...(retryAfter !== undefined && { retryAfterSeconds: retryAfter }),
    },
  });
  const headers = retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) };
  return { status, body: error.status, headers };
}

const REASONS: Readonly<Record<number, string>> = {
  401: 'Unauthorized',
  403: 'Forbidden',
  409: 'Conflict',
  410: 'Expired',
  422: 'Invalid',
  429: 'TooManyRequests',
  503: 'ServiceUnavailable',
  504: 'Timeout',
};

/** @see https://kubernetes.io/docs/concepts/cluster-administration/flow-control/#diagnostics */
function tooManyRequests(retryAfter: number): ApiResponse {
  return {
    status: 429,
    body: 'Too many requests, please try again later.\n',
    headers: {
      'retry-after': String(retryAfter),
      'x-content-type-options': 'nosniff',
      'x-kubernetes-pf-flowschema-uid': '4d5a1ef7-9a57-4b52-b41b-0a2b0c1e6f11',
      'x-kubernetes-pf-prioritylevel-uid': 'a5f8f1c6-52d4-4a0c-8a5e-7c1d0b7e2d22',
    },
  };
}
