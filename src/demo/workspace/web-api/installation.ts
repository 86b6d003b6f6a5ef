import { randomBytes } from 'node:crypto';
import { SlackApiError } from './api-error.ts';

/** Methods that need no token. */
const PUBLIC_METHODS = ['api.test'];
/** The one that takes the app's own token, not that of its user. */
const APP_METHODS = ['apps.connections.open'];

/** The scope that a method needs; others need none. */
const SCOPES: Readonly<Record<string, string>> = {
  'chat.delete': 'chat:write',
  'chat.postEphemeral': 'chat:write',
  'chat.postMessage': 'chat:write',
  'chat.update': 'chat:write',
  'conversations.info': 'channels:read',
  'conversations.members': 'channels:read',
  'conversations.open': 'im:write',
  'files.completeUploadExternal': 'files:write',
  'files.getUploadURLExternal': 'files:write',
  'pins.add': 'pins:write',
  'pins.remove': 'pins:write',
  'reactions.add': 'reactions:write',
  'reactions.remove': 'reactions:write',
  'team.info': 'team:read',
  'usergroups.list': 'usergroups:read',
  'usergroups.users.list': 'usergroups:read',
  'users.conversations': 'channels:read',
  'users.info': 'users:read',
};
const READING = ['conversations.history', 'conversations.replies'];
const OTHER_SCOPES = [
  'app_mentions:read',
  'channels:history',
  'commands',
  'groups:history',
  'im:history',
];

/** The app as it is installed in the workspace: its tokens, and what it may do. */
export class Installation {
  /** Of its user. */
  readonly token = `xoxb-${randomBytes(16).toString('hex')}`;
  /** Of the app itself, for Socket Mode. */
  readonly appToken = `xapp-${randomBytes(16).toString('hex')}`;
  readonly scopes = new Set([...new Set(Object.values(SCOPES)), ...OTHER_SCOPES]);
  /** What every call is answered: `token_revoked`, `account_inactive`, `invalid_auth`. */
  refusal: string | undefined;

  /** @throws SlackApiError for a token that is not taken, or that lacks the scope */
  check(method: string, args: Readonly<Record<string, unknown>>, token: unknown): void {
    if (PUBLIC_METHODS.includes(method)) return;
    if (token === undefined) throw new SlackApiError('not_authed');
    if (this.refusal !== undefined) throw new SlackApiError(this.refusal);
    const wanted = APP_METHODS.includes(method) ? this.appToken : this.token;
    if (token !== wanted) {
      const isOurs = token === this.token || token === this.appToken;
      throw new SlackApiError(isOurs ? 'not_allowed_token_type' : 'invalid_auth');
    }
    const needed = scopeOf(method, args);
    if (needed === undefined || this.scopes.has(needed)) return;
    const provided = [...this.scopes].join(',');
    throw new SlackApiError('missing_scope', { fields: { needed, provided } });
  }
}

function scopeOf(method: string, args: Readonly<Record<string, unknown>>): string | undefined {
  if (!READING.includes(method)) return SCOPES[method];
  return String(args['channel']).startsWith('D') ? 'im:history' : 'channels:history';
}
