import type { WorkspaceState } from '../state.ts';
import { TEAM_DOMAIN, TEAM_ID } from '../web-api/message-shape.ts';
import type { Transport } from './app-link.ts';
import type { ResponseUrls } from './response-urls.ts';
import type { TriggerIds } from './trigger-ids.ts';

export interface CallbackContext {
  readonly state: WorkspaceState;
  readonly triggers: TriggerIds;
  readonly responseUrls: ResponseUrls;
  readonly app: Transport;
}

/** What a person then sees, beside what the app answers. */
export interface Outcome {
  /** The workspace's own words on what went wrong. */
  readonly problem?: string;
  /** What a submission was refused for, by block id. */
  readonly errors?: Readonly<Record<string, string>>;
}

/** Sent along by Slack still, and to be ignored: the signature is what counts. */
export const VERIFICATION_TOKEN = 'legacy-verification-token';

export const TEAM = { id: TEAM_ID, domain: TEAM_DOMAIN };

/** @throws Error when nobody has the id: a mistake of the caller, not of a person */
export function userPayload(state: WorkspaceState, id: string) {
  const user = state.users.get(id);
  if (!user) throw new Error(`no user ${id} in the workspace; see its seed`);
  return { id: user.id, username: user.name, name: user.name, team_id: TEAM_ID };
}

/** @throws Error when there is no such conversation or the person is not in it */
export function channelPayload(state: WorkspaceState, id: string, user: string) {
  const channel = state.channels.get(id);
  if (!channel?.members.includes(user)) {
    throw new Error(`${user} is in no conversation ${id}; see the workspace's seed`);
  }
  return { id: channel.id, name: channel.is_im ? 'directmessage' : channel.name };
}
