import { setTimeout as delay } from 'node:timers/promises';
import type { WebClient } from '@slack/web-api';
import type { Logger } from 'pino';
import { z } from 'zod';
import { requireScopes } from './required-scopes.ts';
import { SlackSetupError, SlackUnreachableError } from './slack-errors.ts';
import { slackFailure } from './slack-failure.ts';

const AuthTest = z.object({
  user_id: z.string(),
  bot_id: z.string().optional(),
  team_id: z.string(),
  team: z.string().optional(),
  // the client puts the X-OAuth-Scopes header there
  response_metadata: z.object({ scopes: z.array(z.string()).optional() }).default({}),
});

/** The app's own user, and the workspace that it is installed in. */
export interface WhoWeAre {
  readonly userId: string;
  readonly botId: string | undefined;
  readonly teamId: string;
}

const ATTEMPTS = 7;
const FIRST_WAIT_MS = 500;

/**
 * Checks the token, and waits up to a minute for a Slack that does not answer.
 * @throws SlackSetupError (`slack_setup_invalid`), SlackUnreachableError (`slack_unreachable`)
 */
export async function askWhoWeAre(client: WebClient, log: Logger): Promise<WhoWeAre> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const answer = AuthTest.parse(await client.auth.test());
      requireScopes(answer.response_metadata.scopes);
      const { user_id, bot_id, team_id, team } = answer;
      log.info({ user: user_id, workspace: team ?? team_id }, 'connected to Slack');
      return { userId: user_id, botId: bot_id, teamId: team_id };
    } catch (error) {
      if (error instanceof SlackSetupError) throw error;
      const detail = passingTrouble(error);
      if (attempt === ATTEMPTS) throw new SlackUnreachableError(detail, { cause: error });
      log.warn({ detail, attempt }, 'Slack does not answer yet');
      await delay(FIRST_WAIT_MS * 2 ** (attempt - 1));
    }
  }
}

/** What may be over in a moment, in words; throws for what will not. */
function passingTrouble(error: unknown): string {
  const failure = slackFailure(error);
  if (failure.kind === 'uncertain') return failure.detail;
  if (failure.kind === 'rate_limited') return 'it asks to wait';
  const message = `Slack refuses SLACK_BOT_TOKEN (${failure.error}): ${failure.advice}.`;
  throw new SlackSetupError(message, { cause: error });
}
