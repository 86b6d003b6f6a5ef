import { userInfo } from 'node:os';
import type { Settings } from '../config.ts';
import { RunbookError } from '../errors.ts';
import type { Person } from '../runs/run.ts';

/** Under which account of the operating system a command is typed. */
export function accountHolder(): Person {
  const { username } = userInfo();
  return { kind: 'cli', id: `cli:${username}`, name: username };
}

/**
 * Who asks for a run: the Slack user to whom the settings tie the account. Without that it could not be told whether the one
 * who approves is somebody else.
 * @throws RunbookError (`identity_missing`)
 */
export function requesterOf({ identities, file }: Settings): Person {
  const { name } = accountHolder();
  const slackId = identities.find(({ account }) => account === name)?.slack;
  if (slackId !== undefined) return { kind: 'slack', id: slackId, name };
  throw new RunbookError(
    'identity_missing',
    `The account ${name} is tied to no Slack user, so nobody could tell whether whoever approves is somebody else. Add \`identities: [{ account: ${name}, slack: U… }]\` to ${file}, ask in Slack instead, or look only, with --dry-run.`,
    { data: { account: name } },
  );
}
