import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SlackOptions } from '../../src/slack/slack.ts';
import { startSlack } from '../../src/slack/start-slack.ts';
import { CHANNEL } from './sample-runs.ts';
import { type SlackWorld, startSlackWorld } from './slack-world.ts';

let at: SlackWorld;
beforeAll(async () => {
  at = await startSlackWorld({
    customRoutes: [
      { path: '/late', method: ['GET'], handler: () => Promise.reject(new Error('late')) },
      {
        path: '/fine',
        method: ['GET'],
        handler: (_request, response) => response.writeHead(200).end('fine'),
      },
    ],
  });
});
afterAll(() => at.stop());

function options(environment: Partial<SlackOptions['environment']>): SlackOptions {
  return {
    settings: { clusters: [] },
    environment: {
      slackApiUrl: at.slack.apiUrl,
      slackBotToken: at.slack.botToken,
      port: 0,
      host: '127.0.0.1',
      ...environment,
    },
    runs: at.world.runs,
    catalogue: at.world.environment.catalogue,
    database: at.world.database,
    log: pino({ level: 'silent' }),
  };
}

describe('starting', () => {
  it.each([
    { what: 'no bot token', environment: { slackBotToken: undefined }, says: /SLACK_BOT_TOKEN/ },
    { what: 'no secret', environment: {}, says: /SLACK_SIGNING_SECRET.*SLACK_APP_TOKEN/ },
    {
      what: 'a token that Slack refuses',
      environment: { slackBotToken: 'xoxb-wrong', slackSigningSecret: 's' },
      says: /refuses SLACK_BOT_TOKEN \(invalid_auth\)/,
    },
  ])('says what to do with $what', async ({ environment, says }) => {
    await expect(startSlack(options(environment))).rejects.toThrow(says);
  });
});

describe('what is served', () => {
  it('takes nothing that Slack has not signed', async () => {
    const before = (await at.world.runs.list({ limit: 10 })).length;
    const body = `command=%2Frunbook&text=tidy+shelf&user_id=U0MINA&channel_id=${CHANNEL}&trigger_id=1`;
    const answer = await fetch(at.edge.requestUrl ?? '', {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body,
    });
    expect(answer.status).toBe(401);
    expect(await at.world.runs.list({ limit: 10 })).toHaveLength(before);
  });

  it('answers other routes, also when their handler fails late', async () => {
    const base = `http://127.0.0.1:${at.edge.port}`;
    expect((await fetch(`${base}/fine`)).status).toBe(200);
    expect((await fetch(`${base}/late`)).status).toBe(500);
    expect((await fetch(`${base}/nothing`)).status).toBe(404);
  });
});
