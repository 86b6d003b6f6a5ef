import type { SlackOptions } from './slack.ts';
import { SlackSetupError } from './slack-errors.ts';

const WHERE = 'https://api.slack.com/apps, at your app';

/** Everything that Slack needs and the environment does not say, at once and before anything is begun. */
export function requireSlackVariables(environment: SlackOptions['environment']): void {
  const { slackBotToken, slackSigningSecret, slackAppToken } = environment;
  const missing = [
    ...(slackBotToken ? [] : ['SLACK_BOT_TOKEN (xoxb-…; under "OAuth & Permissions")']),
    ...(slackSigningSecret || slackAppToken
      ? []
      : [
          'SLACK_SIGNING_SECRET (under "Basic Information"), so that requests from Slack can be told from others; or SLACK_APP_TOKEN (xapp-…; under "Basic Information", "App-Level Tokens") for Socket Mode',
        ]),
  ];
  if (missing.length === 0) return;
  throw new SlackSetupError(
    `Set in the environment: ${missing.join('; and ')}. They stand at ${WHERE}; \`handrail demo\` needs none.`,
  );
}
