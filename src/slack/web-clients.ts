import { WebClient } from '@slack/web-api';
import type { Logger } from 'pino';
import { boltLogger } from './bolt-logger.ts';

export interface WebClientOptions {
  readonly token: string;
  /** Another base of the Web API; ends with a slash. */
  readonly slackApiUrl?: string;
  readonly log: Logger;
  /** For one call. */
  readonly timeoutMs?: number;
}

/**
 * Slack's own client waits without end, tries for half an hour, and stops *all* calls at one 429. Ours fail at once, so
 * that who calls decides: people's clicks have no time, and the outbox has its own queue.
 */
function webClient(options: WebClientOptions, usualTimeoutMs: number): WebClient {
  return new WebClient(options.token, {
    ...(options.slackApiUrl && { slackApiUrl: options.slackApiUrl }),
    timeout: options.timeoutMs ?? usualTimeoutMs,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logger: boltLogger(options.log),
  });
}

/** For what a person waits for: a trigger lives three seconds. */
export function interactiveClient(options: WebClientOptions): WebClient {
  return webClient(options, 2000);
}

/** For the outbox. */
export function deliveryClient(options: WebClientOptions): WebClient {
  return webClient(options, 8000);
}
