import { App, HTTPReceiver, type Receiver } from '@slack/bolt';
import type { Logger } from 'pino';
import { boltLogger } from './bolt-logger.ts';
import { refuseOtherWorkspaces } from './other-workspaces.ts';
import type { WhoWeAre } from './who-we-are.ts';

const RESPOND_TIMEOUT_MS = 5000;

export interface BoltAppOptions {
  readonly receiver: Receiver;
  readonly token: string;
  readonly slackApiUrl?: string | undefined;
  readonly us: WhoWeAre;
  readonly log: Logger;
}

/** Bolt without its own memory, its own retries and its own way of asking who we are. */
export function createBoltApp({ receiver, token, us, log, ...options }: BoltAppOptions): App {
  const { userId: botUserId, botId, teamId } = us;
  const app = new App({
    receiver,
    convoStore: false,
    logger: boltLogger(log),
    authorize: async () => ({ botToken: token, botUserId, teamId, ...(botId && { botId }) }),
    clientOptions: {
      ...(options.slackApiUrl && { slackApiUrl: options.slackApiUrl }),
      timeout: 2000,
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
      fetch: fetchInTime,
    },
  });
  // thrown on, so that Slack is answered 500 where nothing was acknowledged yet, instead of being left without an answer
  app.error(async (error) => {
    log.error({ err: error }, 'a delivery of Slack failed');
    throw error;
  });
  refuseOtherWorkspaces(app, { teamId, log });
  return app;
}

/** Answers to commands and clicks go through this too, and would wait without end. */
function fetchInTime(url: string | URL | Request, init?: RequestInit): Promise<Response> {
  const late = AbortSignal.timeout(RESPOND_TIMEOUT_MS);
  const signal = init?.signal ? AbortSignal.any([init.signal, late]) : late;
  return fetch(url, { ...init, signal });
}

export const REQUEST_PATH = '/slack/events';

export function httpReceiver(options: {
  readonly signingSecret: string;
  readonly log: Logger;
}): HTTPReceiver {
  return new HTTPReceiver({
    signingSecret: options.signingSecret,
    endpoints: REQUEST_PATH,
    logger: boltLogger(options.log),
  });
}
