import { WebAPIPlatformError, WebAPIRateLimitedError } from '@slack/web-api';
import { errorMessage } from '../errors.ts';

/** What an error of a Web API call means for the next one. */
export type SlackFailure =
  /** Not done: ask again after that time. */
  | { readonly kind: 'rate_limited'; readonly retryAfterMs: number }
  /** No answer, or one that does not say: it may have been done. */
  | { readonly kind: 'uncertain'; readonly detail: string }
  /** Not done, and it will not be until somebody changes something. */
  | { readonly kind: 'refused'; readonly error: string; readonly advice: string };

/** Slack's own troubles; `fatal_error` and `internal_error` say that part of the work may have been done. */
const TROUBLES = [
  'fatal_error',
  'internal_error',
  'request_timeout',
  'service_unavailable',
  'team_added_to_org',
];
const RATE_LIMITS = ['ratelimited', 'rate_limited', 'message_limit_exceeded'];

export function slackFailure(error: unknown): SlackFailure {
  if (error instanceof WebAPIRateLimitedError) {
    return { kind: 'rate_limited', retryAfterMs: error.retryAfter * 1000 };
  }
  if (!(error instanceof WebAPIPlatformError)) {
    return { kind: 'uncertain', detail: errorMessage(error) };
  }
  const code = error.data.error;
  // Slack's client takes a body that is no JSON, such as half an answer, for an error of that name
  if (!/^[a-z][a-z0-9_-]{1,80}$/.test(code)) {
    return { kind: 'uncertain', detail: 'the answer was cut, or not from Slack' };
  }
  if (RATE_LIMITS.includes(code)) return { kind: 'rate_limited', retryAfterMs: 30_000 };
  if (TROUBLES.includes(code)) return { kind: 'uncertain', detail: code };
  return { kind: 'refused', error: code, advice: adviceFor(code, neededScope(error.data)) };
}

/** What Slack says beside `missing_scope`. */
function neededScope(data: object): string | undefined {
  return 'needed' in data && typeof data.needed === 'string' ? data.needed : undefined;
}

const ADVICE: Readonly<Record<string, string>> = {
  channel_not_found:
    'check the channel id in handrail.yml; invite Handrail to the channel if it is private',
  not_in_channel: 'invite Handrail to the channel: /invite @Handrail',
  is_archived: 'unarchive the channel, or set another one for the cluster in handrail.yml',
  is_inactive: 'unarchive the channel, or set another one for the cluster in handrail.yml',
  restricted_action:
    'let Handrail post in this channel: it is restricted in the workspace settings',
  message_not_found: 'somebody deleted the message in Slack; later messages are not affected',
  cant_update_message: 'the message was posted by another app; check SLACK_BOT_TOKEN',
  invalid_auth: 'set a valid SLACK_BOT_TOKEN',
  not_authed: 'set SLACK_BOT_TOKEN',
  token_revoked: 'install the app again and set its new SLACK_BOT_TOKEN',
  account_inactive: 'install the app again and set its new SLACK_BOT_TOKEN',
  invalid_blocks: 'this is a fault in Handrail: report it with the key of the message',
  msg_too_long: 'this is a fault in Handrail: report it with the key of the message',
  msg_blocks_too_long: 'this is a fault in Handrail: report it with the key of the message',
  user_not_found: 'the approver is not in this workspace: check `approvals` in handrail.yml',
  user_disabled: 'the approver has left: check `approvals` in handrail.yml',
};

/** What the operator can do about a refusal. */
function adviceFor(error: string, scope = 'one of those in manifest.yml'): string {
  if (error === 'missing_scope') {
    return `the app lacks a scope (${scope}): add it under OAuth & Permissions → Bot Token Scopes at https://api.slack.com/apps, and install the app again`;
  }
  return ADVICE[error] ?? `see https://docs.slack.dev for ${error}`;
}

/** Refusals that another content may cure. */
export const CONTENT_FAILURES = ['invalid_blocks', 'msg_too_long', 'msg_blocks_too_long'];

/** Why Slack did not do something, in a few words for the log; never the text of a page or of a message. */
export function failureText(error: unknown): string {
  const failure = slackFailure(error);
  switch (failure.kind) {
    case 'rate_limited':
      return `Slack asks to wait ${failure.retryAfterMs / 1000} s`;
    case 'uncertain':
      return failure.detail;
    case 'refused':
      return `${failure.error}: ${failure.advice}`;
  }
}
