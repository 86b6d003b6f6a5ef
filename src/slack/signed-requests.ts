import type { IncomingMessage, ServerResponse } from 'node:http';
import { type HTTPReceiver, verifySlackRequest } from '@slack/bolt';
import type { Logger } from 'pino';
import { z } from 'zod';
import { REQUEST_PATH } from './bolt-app.ts';
import type { CustomRoute } from './custom-routes.ts';

/** Slack's largest payload is a view of 250 kB, which the form's encoding may triple. */
const LARGEST_BODY_BYTES = 4 * 1024 * 1024;
/** @see https://docs.slack.dev/authentication/verifying-requests-from-slack */
const CLOCKS_MAY_DIFFER_SECONDS = 300;

const FORM = 'application/x-www-form-urlencoded';

interface Refusal {
  readonly status: 400 | 401 | 413 | 415;
  /** For the operator, in the log and for who tries it by hand. */
  readonly why: string;
}

/**
 * The address that Slack sends to. What Bolt lets through or leaves without an answer is refused here, in words: requests
 * from the future, and content that is none of Slack's. A charset behind the content type, which Bolt does not expect, is
 * taken away.
 */
export function slackRoute(
  receiver: HTTPReceiver,
  { signingSecret, log }: { readonly signingSecret: string; readonly log: Logger },
): CustomRoute {
  return {
    path: REQUEST_PATH,
    method: ['POST'],
    async handler(request, response) {
      const rawBody = await readBody(request);
      const refusal = rawBody ? refusalOf(request, { rawBody, signingSecret }) : TOO_LARGE;
      if (refusal) refuse(response, refusal, log);
      else receiver.requestListener(Object.assign(request, { rawBody }), response);
    },
  };
}

function refuse(response: ServerResponse, { status, why }: Refusal, log: Logger): void {
  log.warn({ path: REQUEST_PATH, status, why }, 'a request to the address of Slack is refused');
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${why}\n`);
}

const TOO_LARGE: Refusal = {
  status: 413,
  why: `Slack sends no bodies of more than ${LARGEST_BODY_BYTES} bytes.`,
};

/** Undefined where there is too much of it: what is left is read and forgotten, so that the sender comes to read our answer. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size <= LARGEST_BODY_BYTES) chunks.push(chunk);
    else chunks.splice(0);
  }
  return size <= LARGEST_BODY_BYTES ? Buffer.concat(chunks) : undefined;
}

interface Arrived {
  readonly rawBody: Buffer;
  readonly signingSecret: string;
}

function refusalOf(
  request: IncomingMessage,
  { rawBody, signingSecret }: Arrived,
): Refusal | undefined {
  const [contentType = ''] = (request.headers['content-type'] ?? '').toLowerCase().split(';');
  request.headers['content-type'] = contentType.trim();
  const body = rawBody.toString();
  const isForm = request.headers['content-type'] === FORM;
  // Slack checks our certificate without a signature; Bolt answers that and looks at nothing else in it
  if (isForm && new URLSearchParams(body).get('ssl_check') === '1') return undefined;
  return (
    signatureRefusal(request, body, signingSecret) ??
    contentRefusal(request.headers['content-type'], body)
  );
}

function signatureRefusal(
  { headers }: IncomingMessage,
  body: string,
  signingSecret: string,
): Refusal | undefined {
  const signature = headers['x-slack-signature'];
  const sentAt = headers['x-slack-request-timestamp'];
  if (typeof signature !== 'string' || typeof sentAt !== 'string') {
    const why = 'It is not signed: X-Slack-Signature and X-Slack-Request-Timestamp are missing.';
    return { status: 401, why };
  }
  if (!/^\d{1,12}$/.test(sentAt)) {
    return { status: 401, why: 'X-Slack-Request-Timestamp is no time in seconds.' };
  }
  if (!isSigned({ body, signature, sentAt: Number(sentAt), signingSecret })) {
    const why =
      'Its signature does not fit: check that SLACK_SIGNING_SECRET is the one of this app, under Basic Information.';
    return { status: 401, why };
  }
  return timeRefusal(Number(sentAt));
}

/** The signature alone: its age is looked at afterwards, so that a wrong clock is told from a wrong secret. */
function isSigned(request: {
  readonly body: string;
  readonly signature: string;
  readonly sentAt: number;
  readonly signingSecret: string;
}): boolean {
  const { body, signature, sentAt, signingSecret } = request;
  try {
    verifySlackRequest({
      signingSecret,
      body,
      headers: { 'x-slack-signature': signature, 'x-slack-request-timestamp': sentAt },
      nowMilliseconds: sentAt * 1000,
    });
    return true;
  } catch {
    return false;
  }
}

function timeRefusal(sentAt: number): Refusal | undefined {
  const ageSeconds = Math.floor(Date.now() / 1000) - sentAt;
  if (Math.abs(ageSeconds) <= CLOCKS_MAY_DIFFER_SECONDS) return undefined;
  const when = ageSeconds > 0 ? `${ageSeconds} s ago` : `${-ageSeconds} s in the future`;
  const why = `It was signed ${when} by the clock of this machine, and ${CLOCKS_MAY_DIFFER_SECONDS} s are allowed: set this clock by NTP; if it is right, somebody sends an old request once more.`;
  return { status: 401, why };
}

/** What Bolt can tell apart; anything else it would leave without an answer. */
const Delivery = z.union([z.object({ type: z.string() }), z.object({ command: z.string() })]);

function contentRefusal(contentType: string, body: string): Refusal | undefined {
  if (contentType !== FORM && contentType !== 'application/json') {
    return { status: 415, why: `Slack sends JSON and forms, not "${contentType}".` };
  }
  const payload = contentType === FORM ? formPayload(body) : jsonOf(body);
  if (Delivery.safeParse(payload).success) return undefined;
  return { status: 400, why: `Its ${contentType} body is no event, command or click of Slack.` };
}

function formPayload(body: string): unknown {
  const form = Object.fromEntries(new URLSearchParams(body));
  return form['payload'] === undefined ? form : jsonOf(form['payload']);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
