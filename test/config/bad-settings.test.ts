import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadSettings, readEnvironment } from '../../src/config.ts';
import { directoryWith } from '../runbooks/written-runbook.ts';

const CLUSTER = 'clusters:\n  - { name: kr, region: ap-northeast-2, channel: C0KROPS }\n';

function rule(fields: string): string {
  return `${CLUSTER}approvals:\n  - { ${fields} }\n`;
}

function cluster(fields: string): string {
  return `${CLUSTER}  - { ${fields} }\n`;
}

function webhook(fields: string): string {
  return `${CLUSTER}providers:\n  webhook: { ${fields} }\n`;
}

/** What a start with this settings file ends with, without the name of the directory. */
function saidOf(yaml: string): string {
  const dir = directoryWith({ 'handrail.yml': yaml });
  mkdirSync(join(dir, 'runbooks'));
  try {
    loadSettings(join(dir, 'handrail.yml'), {});
    return 'it starts';
  } catch (error) {
    return error instanceof Error ? error.message.replaceAll(`${dir}/`, '') : '';
  }
}

const URL_OF_HOOK = 'url: "https://m.example.com"';

describe('a settings file that is wrong is told by line and column, with what would be right', () => {
  it.each<[string, string, string]>([
    [
      'an unknown key',
      CLUSTER.replace('region', 'regoin'),
      '2:17: clusters[0].regoin: unknown key `regoin`; did you mean `region`?',
    ],
    [
      'an unknown key that is like none',
      `${CLUSTER}xyz: 1\n`,
      '3:1: xyz: unknown key `xyz`; there are runbooks, clusters, approvals, identities, providers',
    ],
    [
      'a missing key',
      CLUSTER.replace(', channel: C0KROPS', ''),
      '2:5: clusters[0].channel: missing: Slack channel whose commands act on this cluster',
    ],
    [
      'two clusters of one name',
      cluster('name: kr, region: x, channel: C0JPOPS'),
      '3:13: clusters[1].name: there is already a cluster `kr`',
    ],
    [
      'two clusters in one channel',
      cluster('name: jp, region: x, channel: C0KROPS'),
      '3:37: clusters[1].channel: channel C0KROPS already belongs to cluster `kr`: one channel, one cluster',
    ],
    [
      'a name in capitals',
      cluster('name: JP, region: x, channel: C0JPOPS'),
      '3:13: clusters[1].name: expected lower-case letters, digits and hyphens, at most 63',
    ],
    [
      'an empty region',
      cluster('name: jp, region: "", channel: C0JPOPS'),
      '3:25: clusters[1].region: must not be empty',
    ],
    [
      'a provider that there is not',
      cluster('name: jp, region: x, channel: C0JPOPS, provider: karpentr'),
      '`karpentr` is not one of `auto`, `cluster-api`, `karpenter`, `webhook`; did you mean `karpenter`?',
    ],
    [
      'a rule that names nobody',
      rule('quorum: 1'),
      '4:5: approvals[0]: nobody may approve: name `groups` or `users`',
    ],
    [
      'a rule with empty lists',
      rule('groups: [], users: []'),
      '4:5: approvals[0]: nobody may approve',
    ],
    [
      'a group by its handle',
      rule('groups: ["@sre"]'),
      '4:16: approvals[0].groups[0]: expected a Slack user group id: S…',
    ],
    [
      'a person by name',
      rule('users: [mina]'),
      '4:15: approvals[0].users[0]: expected a Slack user id: U…',
    ],
    [
      'a quorum of nobody',
      rule('users: [U1], quorum: 0'),
      '4:28: approvals[0].quorum: expected at least 1, not `0`',
    ],
    [
      'a quorum of too many',
      rule('groups: [S1], quorum: 11'),
      'approvals[0].quorum: expected at most 10, not `11`',
    ],
    [
      'half a quorum',
      rule('users: [U1], quorum: 1.5'),
      'approvals[0].quorum: expected a whole number, not `1.5`',
    ],
    [
      'a quorum in words',
      rule('users: [U1], quorum: two'),
      'approvals[0].quorum: expected a number, not the text `two`',
    ],
    [
      'a time without a unit',
      rule('users: [U1], expiresAfter: 30'),
      '4:34: approvals[0].expiresAfter: expected a text, not `30`',
    ],
    [
      'a time in words',
      rule('users: [U1], expiresAfter: soon'),
      'approvals[0].expiresAfter: expected a duration such as 30s, 5m, 1h30m or 2d',
    ],
    [
      'a time before now',
      rule('users: [U1], expiresAfter: -5m'),
      'approvals[0].expiresAfter: expected a duration such as',
    ],
    [
      'no time at all',
      rule('users: [U1], expiresAfter: 0m'),
      'approvals[0].expiresAfter: must be longer than 0',
    ],
    [
      'a time without end',
      rule('users: [U1], expiresAfter: 99d'),
      'approvals[0].expiresAfter: at most 24d',
    ],
    [
      'a rule for no cluster',
      rule('users: [U1], cluster: krr'),
      '4:29: approvals[0].cluster: no cluster `krr`; did you mean `kr`?',
    ],
    [
      'no directory of runbooks',
      `runbooks: ./books\n${CLUSTER}`,
      '1:11: runbooks: there is no directory books',
    ],
    ['nothing', '', '1:1: is empty'],
    ['a list', '- kr\n', '1:1: expected a mapping, not a list'],
    [
      'an unset variable',
      webhook(`${URL_OF_HOOK}, secretFrom: M_SECRET`),
      '4:56: providers.webhook.secretFrom: the environment variable M_SECRET is not set: it holds the secret that signs the requests',
    ],
    [
      'an address that is none',
      webhook('url: m.example.com, secretFrom: M_SECRET'),
      'providers.webhook.url: expected an http or https address',
    ],
  ])('%s', (_, yaml, says) => {
    expect(saidOf(yaml)).toMatch(/^handrail\.yml:\d+:\d+: /);
    expect(saidOf(yaml)).toContain(says);
    // one mistake is one line, or two where a key is misspelt that was needed
    expect(saidOf(yaml).split('\n').length).toBeLessThanOrEqual(2);
  });

  it('a file that is not there', () => {
    expect(() => loadSettings('/nowhere/handrail.yml', {})).toThrow(
      '/nowhere/handrail.yml:1:1: cannot be read: there is no such file',
    );
  });
});

describe('a secret in the settings file is sent to where it belongs, and never repeated', () => {
  const TOKEN = 'xoxb-1234-hunter2';

  it.each<[string, string, string]>([
    [
      'a token under a key of its own',
      `${CLUSTER}slackBotToken: ${TOKEN}\n`,
      '3:1: slackBotToken: unknown key `slackBotToken`: secrets do not belong into this file but into the environment',
    ],
    [
      'a token of a cluster',
      cluster(`name: jp, region: x, channel: C0JPOPS, token: ${TOKEN}`),
      'unknown key `token`: secrets do not belong into this file',
    ],
    [
      'a token in the place of a list',
      `${CLUSTER}approvals: ${TOKEN}\n`,
      '3:12: approvals: expected a list, not the text `[redacted]`',
    ],
    [
      'the secret itself in the place of its variable',
      webhook(`${URL_OF_HOOK}, secretFrom: hunter2`),
      'providers.webhook.secretFrom: expected the name of an environment variable, not the secret itself',
    ],
    [
      'a password in an address',
      webhook('url: "https://u:hunter2@m.example.com", secretFrom: M_SECRET'),
      'providers.webhook.url: a user and a password do not belong into this file',
    ],
  ])('%s', (_, yaml, says) => {
    expect(saidOf(yaml)).toContain(says);
    expect(saidOf(yaml)).not.toContain('hunter2');
  });
});

describe('an environment that is wrong is told whole, without its values', () => {
  it.each<[string, Record<string, string>, RegExp]>([
    [
      'a bot token of another kind',
      { SLACK_BOT_TOKEN: 'xoxp-hunter2' },
      /SLACK_BOT_TOKEN: expected a bot token: xoxb-…/,
    ],
    [
      'an app token of another kind',
      { SLACK_APP_TOKEN: 'xoxb-hunter2' },
      /SLACK_APP_TOKEN: expected an app-level token: xapp-…/,
    ],
    [
      'an address without its scheme',
      { SLACK_API_URL: 'slack.com/api' },
      /SLACK_API_URL: expected an http or https address/,
    ],
    [
      'a database of another make',
      { DATABASE_URL: 'mysql://u:hunter2@db' },
      /DATABASE_URL: expected a postgres:\/\/ address/,
    ],
    ['a port in words', { PORT: 'hunter2' }, /PORT: expected a port from 0 to 65535/],
    ['a port out of range', { PORT: '65536' }, /PORT: expected a port/],
    ['a negative port', { PORT: '-1' }, /PORT: expected a port/],
    [
      'a level that there is not',
      { LOG_LEVEL: 'hunter2' },
      /LOG_LEVEL: expected one of trace, debug, info/,
    ],
  ])('%s', (_, variables, says) => {
    const read = () => readEnvironment(variables);

    expect(read).toThrow(says);
    expect(read).toThrow(expect.objectContaining({ code: 'environment_invalid' }));
    expect(read).not.toThrow(/hunter2/);
  });
});
