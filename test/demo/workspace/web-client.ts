import { WebClient } from '@slack/web-api';
import type { Workspace } from '../../../src/demo/workspace/workspace.ts';
import { quietLogger } from './quiet-logger.ts';

/** The app's client, which tries once. */
export function clientOf(
  workspace: Workspace,
  { token = workspace.botToken, timeoutMs = 10_000 } = {},
): WebClient {
  return new WebClient(token, {
    slackApiUrl: workspace.apiUrl,
    retryConfig: { retries: 0 },
    timeout: timeoutMs,
    logger: quietLogger,
    rejectRateLimitedCalls: true,
  });
}
