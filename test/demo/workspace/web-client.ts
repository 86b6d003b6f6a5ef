import { WebClient } from '@slack/web-api';
import type { Workspace } from '../../../src/demo/workspace/workspace.ts';
import { quietLogger } from './quiet-logger.ts';

/** The app's client, which tries once and waits for nothing. */
export function clientOf(workspace: Workspace, token = workspace.botToken): WebClient {
  return new WebClient(token, {
    slackApiUrl: workspace.apiUrl,
    retryConfig: { retries: 0 },
    timeout: 300,
    logger: quietLogger,
    rejectRateLimitedCalls: true,
  });
}
