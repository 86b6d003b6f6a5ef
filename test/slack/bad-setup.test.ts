import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RunbookCatalogue } from '../../src/runbooks/runbook.ts';
import type { Runs } from '../../src/runs/runs.ts';
import { REQUIRED_SCOPES } from '../../src/slack/required-scopes.ts';
import type { SlackOptions } from '../../src/slack/slack.ts';
import { startSlack } from '../../src/slack/start-slack.ts';
import { footprint } from '../footprint.ts';
import { type FreshDatabase, freshDatabase } from '../fresh-database.ts';

/** Slack's Web API as far as a start asks it: what each method answers, and the scopes of the token. */
let answers: Record<string, object>;
let scopes: readonly string[] | undefined;
let server: Server;
let fresh: FreshDatabase;
const asked: string[] = [];
const logged: string[] = [];
const WE_ARE = { ok: true, user_id: 'U0HANDRAIL', bot_id: 'B0', team_id: 'T0', team: 'Test' };

beforeAll(async () => {
  fresh = await freshDatabase();
  server = createServer((request, response) => {
    const method = request.url?.replace('/api/', '') ?? '';
    asked.push(method);
    if (scopes) response.setHeader('x-oauth-scopes', scopes.join(','));
    const answer = answers[method] ?? { ok: false, error: 'unknown_method' };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await fresh.drop();
});
beforeEach(() => {
  answers = { 'auth.test': WE_ARE };
  scopes = undefined;
});
afterEach(() => {
  asked.splice(0);
  logged.splice(0);
});

function start(environment: Partial<SlackOptions['environment']> = {}) {
  const { port } = server.address() as AddressInfo;
  return startSlack({
    settings: { clusters: [] },
    environment: {
      slackApiUrl: `http://127.0.0.1:${port}/api/`,
      slackBotToken: 'xoxb-hunter2',
      slackSigningSecret: 'hunter2',
      port: 0,
      host: '127.0.0.1',
      ...environment,
    },
    runs: { onChange: async () => async () => {} } as Partial<Runs> as Runs,
    catalogue: new RunbookCatalogue([]),
    database: fresh.database,
    log: pino({ level: 'warn' }, { write: (line) => void logged.push(line) }),
  });
}

/** Refused at once, in words, without the secret, and with nothing kept. */
async function refusal(starting: ReturnType<typeof start>): Promise<string> {
  const error = await starting.then(
    () => new Error('it starts'),
    (reason: Error & { code?: string }) => reason,
  );
  return `${'code' in error ? error.code : ''}: ${error.message}`;
}

describe('what is not set is said at once, before Slack is asked', () => {
  it.each<[string, Partial<SlackOptions['environment']>, RegExp]>([
    [
      'no bot token',
      { slackBotToken: undefined },
      /^slack_setup_invalid: Set in the environment: SLACK_BOT_TOKEN \(xoxb-…; under "OAuth & Permissions"\)\. They stand at https:\/\/api\.slack\.com\/apps/,
    ],
    [
      'no signing secret',
      { slackSigningSecret: undefined },
      /SLACK_SIGNING_SECRET \(under "Basic Information"\).*or SLACK_APP_TOKEN \(xapp-…/,
    ],
    [
      'neither',
      { slackBotToken: undefined, slackSigningSecret: undefined },
      /SLACK_BOT_TOKEN .*; and SLACK_SIGNING_SECRET/,
    ],
  ])('%s', async (_, environment, says) => {
    expect(await refusal(start(environment))).toMatch(says);
    expect(asked).toEqual([]);
  });
});

describe('a token that Slack does not take is told by what to do', () => {
  it.each([
    ['invalid_auth', 'Slack refuses SLACK_BOT_TOKEN (invalid_auth): set a valid SLACK_BOT_TOKEN.'],
    ['not_authed', 'Slack refuses SLACK_BOT_TOKEN (not_authed): set SLACK_BOT_TOKEN.'],
    ['token_revoked', '(token_revoked): install the app again and set its new SLACK_BOT_TOKEN.'],
    [
      'account_inactive',
      '(account_inactive): install the app again and set its new SLACK_BOT_TOKEN.',
    ],
    ['missing_scope', 'lacks a scope'],
    ['something_new', '(something_new): see https://docs.slack.dev for something_new.'],
  ])('%s', async (error, says) => {
    answers['auth.test'] = { ok: false, error };

    const said = await refusal(start());

    expect(said).toContain('slack_setup_invalid: ');
    expect(said).toContain(says);
    expect(`${said} ${logged}`).not.toContain('hunter2');
    expect(asked).toEqual(['auth.test']);
  });

  it.each(['invalid_auth', 'not_allowed_token_type', 'missing_scope'])(
    'of Socket Mode: %s',
    async (error) => {
      answers['apps.connections.open'] = { ok: false, error };
      const before = await footprint(fresh.database);

      const said = await refusal(start({ slackAppToken: 'xapp-hunter2' }));

      expect(said).toMatch(
        new RegExp(`slack_setup_invalid: No Socket Mode connection: .*${error}`),
      );
      expect(said).toMatch(
        /Check SLACK_APP_TOKEN \(xapp-…, scope connections:write\) and that Socket Mode is on/,
      );
      expect(`${said} ${logged}`).not.toContain('hunter2');
      expect(await footprint(fresh.database)).toEqual(before);
    },
  );
});

describe('scopes', () => {
  const all = Object.keys(REQUIRED_SCOPES);

  it.each(all)('without %s it does not start, and says what it is for', async (scope) => {
    scopes = all.filter((each) => each !== scope);

    const said = await refusal(start());

    expect(said).toContain(
      `The Slack app lacks scopes: ${scope} (${REQUIRED_SCOPES[scope]}). Add them`,
    );
    expect(said).toContain('from manifest.yml');
    expect(asked).toEqual(['auth.test']);
  });

  it('says all that are missing at once', async () => {
    scopes = ['chat:write', 'commands'];

    expect(await refusal(start())).toMatch(
      /lacks scopes: app_mentions:read .*, usergroups:read .*, users:read /,
    );
  });

  it.each([
    ['all and more', () => [...all, 'files:write']],
    ['not told', () => undefined],
  ])('starts when they are %s', async (_, granted) => {
    scopes = granted();

    const edge = await start();

    expect(edge.port).toBeGreaterThan(0);
    await edge.stop();
  });
});
