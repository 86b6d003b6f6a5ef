import { createHmac } from 'node:crypto';
import type { Clock } from '../../../clock.ts';
import type { Callback, Reply, Transport } from './app-link.ts';

export interface RequestUrlOptions {
  readonly signingSecret: string;
  readonly clock: Clock;
  readonly answerTimeoutMs: number;
}

/** The app's address for callbacks, and the signed requests to it. */
export class RequestUrl implements Transport {
  #url: string | undefined;
  readonly #options: RequestUrlOptions;

  constructor(options: RequestUrlOptions) {
    this.#options = options;
  }

  connect(url: string): void {
    this.#url = url;
  }

  async send(callback: Callback): Promise<Reply> {
    if (this.#url === undefined) return { status: 'unreachable' };
    const timeout = AbortSignal.timeout(this.#options.answerTimeoutMs);
    try {
      const response = await fetch(this.#url, { ...this.#signed(callback), signal: timeout });
      const body = await response.text();
      if (response.ok) return { status: 'answered', body };
      const noRetry = response.headers.get('x-slack-no-retry') === '1';
      return { status: 'refused', httpStatus: response.status, noRetry };
    } catch {
      return { status: timeout.aborted ? 'timeout' : 'unreachable' };
    }
  }

  /** @see https://docs.slack.dev/authentication/verifying-requests-from-slack */
  #signed({ kind, payload, retry }: Callback): RequestInit & { body: string } {
    const { body, contentType } = encode(kind, payload);
    const timestamp = String(Math.floor(this.#options.clock.now() / 1000));
    const signature = createHmac('sha256', this.#options.signingSecret)
      .update(`v0:${timestamp}:${body}`)
      .digest('hex');
    return {
      method: 'POST',
      body,
      redirect: 'error',
      headers: {
        ...(retry && {
          'x-slack-retry-num': String(retry.number),
          'x-slack-retry-reason': retry.reason,
        }),
        // Bolt compares the type exactly: no charset
        'content-type': contentType,
        'x-slack-request-timestamp': timestamp,
        'x-slack-signature': `v0=${signature}`,
      },
    };
  }
}

function encode(kind: Callback['kind'], payload: Callback['payload']) {
  if (kind === 'event') {
    return { body: JSON.stringify(payload), contentType: 'application/json' };
  }
  const fields = kind === 'command' ? payload : { payload: JSON.stringify(payload) };
  const body = new URLSearchParams(
    Object.entries(fields).map(([key, value]): [string, string] => [key, String(value)]),
  );
  return { body: body.toString(), contentType: 'application/x-www-form-urlencoded' };
}
