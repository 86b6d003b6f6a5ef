import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { demoSeed } from '../../src/demo/workspace/seed.ts';
import { startWorkspace, type Workspace } from '../../src/demo/workspace/workspace.ts';
import { createBoltApp } from '../../src/slack/bolt-app.ts';
import { SocketConnections } from '../../src/slack/socket-connections.ts';
import { CHANNEL } from './sample-runs.ts';

const log = pino({ level: 'silent' });
const us = { userId: 'U0HANDRAIL', botId: 'B0HANDRAIL', teamId: 'T0MERIDIAN' };
let slack: Workspace;
let receiver: SocketConnections;
let heard: string[];

beforeEach(async () => {
  slack = await startWorkspace({ seed: demoSeed });
  heard = [];
  receiver = newReceiver();
  const { botToken: token, apiUrl: slackApiUrl } = slack;
  const app = createBoltApp({ receiver, token, slackApiUrl, us, log });
  app.command('/runbook', async ({ ack, command }) => {
    heard.push(command.text);
    await ack();
  });
});
afterEach(async () => {
  await receiver.stop();
  await slack.stop();
});

function newReceiver(): SocketConnections {
  return new SocketConnections({ appToken: slack.appToken, slackApiUrl: slack.apiUrl, log });
}

const type = (text: string) => slack.slash('U0MINA', CHANNEL, text);
const bothOpen = () =>
  vi.waitUntil(() => slack.sockets.open === 2, { timeout: 8000, interval: 20 });

describe('Socket Mode', () => {
  it('hears over either of two connections', async () => {
    await receiver.start();
    expect(slack.sockets.open).toBe(2);

    await expect(type('first')).resolves.toEqual({});
    await expect(type('second')).resolves.toEqual({});

    expect(heard).toEqual(['first', 'second']);
  });

  it.each(['refresh_requested', 'warning'] as const)(
    'loses nothing while its connections are renewed in turn by %s',
    async (reason) => {
      await receiver.start();
      const typed: string[] = [];
      for (const index of [0, 1]) {
        slack.sockets.disconnect(reason, index);
        for (const word of ['at once', 'a little later']) {
          typed.push(`${word} ${index}`);
          await expect(type(`${word} ${index}`)).resolves.toEqual({});
        }
        await vi.waitFor(() => expect(slack.sockets.opened).toBe(3 + index), { timeout: 8000 });
        await bothOpen();
      }

      expect(heard).toEqual(typed);
    },
  );

  it('takes what came while both connections were being renewed', async () => {
    await receiver.start();
    slack.sockets.disconnect('refresh_requested');

    await expect(type('in the gap')).resolves.toEqual({});

    expect(heard).toEqual(['in the gap']);
  });

  it('comes back after Slack could not be reached, without an error that nobody handles', async () => {
    await receiver.start();
    slack.faults = [() => ({ error: 'internal_error' })];
    slack.sockets.disconnect('refresh_requested');
    await vi.waitFor(() => expect(slack.sockets.open).toBe(0));
    slack.faults = [];
    await bothOpen();

    await expect(type('back')).resolves.toEqual({});
  });

  it('comes back once Socket Mode is switched on again', async () => {
    await receiver.start();
    slack.sockets.disconnect('link_disabled');
    await vi.waitFor(() => expect(slack.sockets.open).toBe(0));
    slack.sockets.enable();
    await bothOpen();

    await expect(type('back')).resolves.toEqual({});
  });

  it('leaves a connection that has gone dead', async () => {
    await receiver.start();
    slack.sockets.hang(0);

    await vi.waitFor(() => expect(slack.sockets.opened).toBe(3), { timeout: 12_000 });
  }, 15_000);
});

describe('the start', () => {
  it('says what to look at when no connection can be made', async () => {
    slack.admin.refuseTokens('invalid_auth');
    await expect(receiver.start()).rejects.toThrow(/invalid_auth.*SLACK_APP_TOKEN/);
  });

  it('says so, too, when nothing answers', async () => {
    const lonely = newReceiver();
    await slack.stop();
    await expect(lonely.start()).rejects.toThrow(/No Socket Mode connection/);
    slack = await startWorkspace({ seed: demoSeed });
  });
});
