import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createBoltApp } from '../../src/slack/bolt-app.ts';
import { SocketConnections } from '../../src/slack/socket-connections.ts';
import { type SocketSlack, startSocketSlack } from './socket-slack.ts';

const log = pino({ level: 'silent' });
const us = { userId: 'U0HANDRAIL', botId: 'B0', teamId: 'T0' };
let slack: SocketSlack;
let receiver: SocketConnections;
let heard: string[];

beforeEach(async () => {
  slack = await startSocketSlack();
  heard = [];
  receiver = new SocketConnections({ appToken: 'xapp-1', slackApiUrl: slack.apiUrl, log });
  const app = createBoltApp({ receiver, token: 'xoxb-1', slackApiUrl: slack.apiUrl, us, log });
  app.command('/runbook', async ({ ack, command }) => {
    await ack();
    heard.push(command.text);
  });
});
afterEach(async () => {
  await receiver.stop();
  await slack.stop();
});

function command(text: string) {
  return { command: '/runbook', text, user_id: 'U0MINA', channel_id: 'C0', team_id: 'T0' };
}

describe('Socket Mode', () => {
  it('hears over either of two connections', async () => {
    await receiver.start();
    expect(slack.open()).toBe(2);
    await slack.deliver(0, 'slash_commands', command('first'));
    await slack.deliver(1, 'slash_commands', command('second'));

    await vi.waitFor(() => expect(heard).toEqual(['first', 'second']));
  });

  it('goes on hearing while a connection is renewed, and has both again soon', async () => {
    await receiver.start();
    slack.renew(0);
    await slack.deliver(1, 'slash_commands', command('meanwhile'));
    await vi.waitFor(() => expect([slack.opened(), slack.open()]).toEqual([3, 2]), 3000);

    expect(heard).toEqual(['meanwhile']);
  });

  it('comes back after Slack could not be reached, without an error that nobody handles', async () => {
    await receiver.start();
    slack.refuse = 'internal_error';
    slack.renew(0);
    slack.renew(1);
    await vi.waitFor(() => expect(slack.open()).toBe(0));
    slack.refuse = undefined;
    await vi.waitFor(() => expect(slack.open()).toBe(2), { timeout: 8000 });
    await slack.deliver(1, 'slash_commands', command('back'));

    await vi.waitFor(() => expect(heard).toEqual(['back']));
  });

  it('says what to look at when no connection can be made', async () => {
    slack.refuse = 'invalid_auth';
    await expect(receiver.start()).rejects.toThrow(/invalid_auth.*SLACK_APP_TOKEN/);
  });

  it('says so, too, when nothing answers', async () => {
    const slackApiUrl = slack.apiUrl;
    await slack.stop();
    const lonely = new SocketConnections({ appToken: 'xapp-1', slackApiUrl, log });
    await expect(lonely.start()).rejects.toThrow(/No Socket Mode connection/);
  });
});
