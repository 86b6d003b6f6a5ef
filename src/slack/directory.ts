import type { WebClient } from '@slack/web-api';
import type { Logger } from 'pino';
import { z } from 'zod';
import { LANGUAGES, type Language } from '../language/text.ts';
import type { ApprovalPolicy } from '../runs/run.ts';
import type { Decider } from '../runs/runs.ts';
import { failureText, slackFailure } from './slack-failure.ts';

const UserInfo = z.object({
  user: z.object({
    name: z.string().optional(),
    locale: z.string().optional(),
    real_name: z.string().optional(),
    team_id: z.string().optional(),
    deleted: z.boolean().optional(),
    is_bot: z.boolean().optional(),
    is_restricted: z.boolean().optional(),
    is_ultra_restricted: z.boolean().optional(),
    is_stranger: z.boolean().optional(),
    enterprise_user: z.object({ teams: z.array(z.string()).optional() }).optional(),
  }),
});
type SlackUser = z.infer<typeof UserInfo>['user'];
const Members = z.object({ users: z.array(z.string()) });

/** Long enough that a storm of runs does not ask for the same list again and again. */
const APPROVERS_KEPT_MS = 60_000;
/** People seldom change their language. */
const LANGUAGE_KEPT_MS = 3_600_000;
/** Until Slack is asked again that did not answer. */
const UNREAD_LANGUAGE_KEPT_MS = 60_000;

/** A person as Slack knows them at the moment of asking. */
interface Looked {
  readonly decider: Decider;
  /** Groups that Slack could not be asked about: whether the person is in them is not known. */
  readonly unread: readonly string[];
}

export interface Directory {
  /** Asks Slack now; denies where Slack does not answer. `groups` are those whose membership matters. */
  lookUp(userId: string, groups?: readonly string[]): Promise<Looked>;
  /** User ids of all who may approve under a policy; up to a minute old. Throws where Slack does not answer. */
  approversOf(policy: ApprovalPolicy): Promise<readonly string[]>;
  /** What this person has set in Slack, else English; never throws. Up to an hour old, older where Slack does not answer. */
  languageOf(userId: string): Promise<Language>;
}

export function createDirectory(parts: {
  readonly client: WebClient;
  readonly teamId: string;
  readonly log: Logger;
}): Directory {
  const asking = new Map<string, Promise<readonly string[]>>();
  const kept = new Map<string, { readonly at: number; readonly users: readonly string[] }>();

  /** Clicks at the same moment share one question: Slack allows only twenty a minute. */
  const membersOf = (group: string): Promise<readonly string[]> => {
    const under = asking.get(group);
    if (under !== undefined) return under;
    const question = askMembers(parts.client, group)
      .then((users) => {
        kept.set(group, { at: Date.now(), users });
        return users;
      })
      .finally(() => asking.delete(group));
    asking.set(group, question);
    return question;
  };
  const recentMembersOf = async (group: string) => {
    const known = kept.get(group);
    return known && Date.now() - known.at < APPROVERS_KEPT_MS ? known.users : membersOf(group);
  };

  const languages = new Map<string, { readonly until: number; readonly language: Language }>();
  const languageOf = async (userId: string): Promise<Language> => {
    const known = languages.get(userId);
    if (known && Date.now() < known.until) return known.language;
    const user = await findUser(parts, userId);
    const language = user ? languageFrom(user.locale) : (known?.language ?? 'en');
    const keptMs = user ? LANGUAGE_KEPT_MS : UNREAD_LANGUAGE_KEPT_MS;
    languages.set(userId, { until: Date.now() + keptMs, language });
    return language;
  };

  return {
    languageOf,
    async lookUp(userId, groups = []) {
      const user = await findUser(parts, userId);
      const memberships = await Promise.all(
        groups.map((group) => isMember(parts.log, { group, userId, membersOf })),
      );
      const ineligible = whyIneligible(user, parts.teamId);
      const decider: Decider = {
        kind: 'slack',
        id: userId,
        name: user?.real_name || user?.name || userId,
        groups: groups.filter((_, index) => memberships[index] === true),
        ...(ineligible !== undefined && { ineligible }),
      };
      return { decider, unread: groups.filter((_, index) => memberships[index] === undefined) };
    },
    async approversOf({ groups, users }) {
      const members = await Promise.all(groups.map(recentMembersOf));
      return [...new Set([...users, ...members.flat()])];
    },
  };
}

/** From an IETF tag such as `ko-KR`. */
function languageFrom(locale = ''): Language {
  return LANGUAGES.find((language) => locale.split(/[-_]/)[0] === language) ?? 'en';
}

async function askMembers(client: WebClient, group: string): Promise<readonly string[]> {
  return Members.parse(await client.usergroups.users.list({ usergroup: group })).users;
}

/** Undefined where Slack does not say: then nothing is allowed. */
async function findUser(
  { client, log }: { readonly client: WebClient; readonly log: Logger },
  userId: string,
): Promise<SlackUser | undefined> {
  try {
    return UserInfo.parse(await client.users.info({ user: userId, include_locale: true })).user;
  } catch (error) {
    log.warn({ userId, reason: failureText(error) }, 'Slack does not say who this is');
    return undefined;
  }
}

async function isMember(
  log: Logger,
  question: {
    readonly group: string;
    readonly userId: string;
    readonly membersOf: (group: string) => Promise<readonly string[]>;
  },
): Promise<boolean | undefined> {
  const { group, userId, membersOf } = question;
  try {
    return (await membersOf(group)).includes(userId);
  } catch (error) {
    const failure = slackFailure(error);
    if (failure.kind === 'refused' && failure.error === 'no_such_subteam') {
      log.error({ group }, 'this approver group does not exist: check `approvals` in handrail.yml');
    } else {
      log.warn({ group, reason: failureText(error) }, 'Slack does not say who is in this group');
    }
    return undefined;
  }
}

function whyIneligible(user: SlackUser | undefined, teamId: string): string | undefined {
  if (user === undefined)
    return 'Slack does not answer who you are just now; try again in a moment';
  if (user.deleted) return 'this account is deactivated';
  if (user.is_bot) return 'apps and bots may not ask or decide';
  if (user.is_restricted || user.is_ultra_restricted) return 'you are a guest in this workspace';
  if (user.is_stranger || !belongsTo(user, teamId)) return 'you belong to another organisation';
  return undefined;
}

function belongsTo(user: SlackUser, teamId: string): boolean {
  return user.team_id === teamId || (user.enterprise_user?.teams ?? []).includes(teamId);
}
