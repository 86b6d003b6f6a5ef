import { SlackSetupError } from './slack-errors.ts';

/** What Handrail asks for in manifest.yml, and what would not work without it. */
export const REQUIRED_SCOPES: Readonly<Record<string, string>> = {
  'app_mentions:read': 'mentions',
  'channels:history': 'knowing whether a message was posted',
  'chat:write': 'messages',
  commands: 'the /runbook command',
  'groups:history': 'knowing whether a message was posted in private channels',
  'im:history': 'direct messages to Handrail',
  'im:write': 'direct messages to approvers',
  'usergroups:read': 'who may approve',
  'users:read': 'who asks, and whether they may',
};

/** @param granted as Slack says with each answer; undefined where it does not */
export function requireScopes(granted: readonly string[] | undefined): void {
  if (granted === undefined) return;
  const missing = Object.entries(REQUIRED_SCOPES).filter(([scope]) => !granted.includes(scope));
  if (missing.length === 0) return;
  const list = missing.map(([scope, what]) => `${scope} (${what})`).join(', ');
  throw new SlackSetupError(
    `The Slack app lacks scopes: ${list}. Add them from manifest.yml under "OAuth & Permissions" at https://api.slack.com/apps, install the app again, and set SLACK_BOT_TOKEN to its new token.`,
  );
}
