import { z } from 'zod';
import type { User } from '../model.ts';
import type { WorkspaceState } from '../state.ts';
import { SlackApiError } from './api-error.ts';
import { APP_ID, BOT_ID, TEAM_DOMAIN, TEAM_ID } from './message-shape.ts';
import { flag, type Method, method } from './method.ts';

export const peopleMethods: Record<string, Method> = {
  'api.test': method(z.record(z.string(), z.unknown()), (args) => {
    if (typeof args['error'] === 'string') throw new SlackApiError(args['error']);
    return { args };
  }),
  'auth.test': method(z.object({}), (_args, { state, url }) => ({
    url: url(),
    team: state.name,
    user: state.users.get(state.botUser)?.name,
    team_id: TEAM_ID,
    user_id: state.botUser,
    bot_id: BOT_ID,
    app_id: APP_ID,
    is_enterprise_install: false,
  })),
  'team.info': method(z.object({}), (_args, { state }) => ({
    team: { id: TEAM_ID, name: state.name, domain: TEAM_DOMAIN },
  })),
  'users.info': method(
    z.object({ user: z.string(), include_locale: flag.optional() }),
    (args, { state }) => {
      const user = state.users.get(args.user);
      if (!user) throw new SlackApiError('user_not_found');
      return { user: apiUser(user, args.include_locale === true) };
    },
  ),
  'usergroups.list': method(
    z.object({ include_users: flag.optional(), include_disabled: flag.optional() }),
    (args, { state }) => ({ usergroups: apiGroups(state, args.include_users === true) }),
  ),
  'usergroups.users.list': method(z.object({ usergroup: z.string() }), (args, { state }) => {
    const group = state.groups.get(args.usergroup);
    if (!group) throw new SlackApiError('no_such_subteam');
    return { users: group.users };
  }),
};

function apiUser(user: User, withLocale: boolean) {
  return {
    id: user.id,
    team_id: TEAM_ID,
    name: user.name,
    real_name: user.real_name,
    deleted: user.deleted === true,
    tz: user.tz,
    is_bot: user.is_bot === true,
    is_app_user: false,
    is_admin: false,
    is_owner: false,
    is_restricted: user.is_restricted === true,
    is_ultra_restricted: false,
    ...(user.is_stranger ? { is_stranger: true } : {}),
    ...(withLocale ? { locale: user.locale } : {}),
    profile: {
      real_name: user.real_name,
      display_name: user.name,
      title: user.role ?? '',
      team: TEAM_ID,
    },
  };
}

function apiGroups(state: WorkspaceState, withUsers: boolean) {
  return [...state.groups.values()].map((group) => ({
    id: group.id,
    team_id: TEAM_ID,
    is_usergroup: true,
    handle: group.handle,
    name: group.name ?? group.handle,
    user_count: group.users.length,
    date_delete: 0,
    ...(withUsers ? { users: group.users } : {}),
  }));
}
