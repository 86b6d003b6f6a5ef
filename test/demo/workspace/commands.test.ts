import type { AllMiddlewareArgs, SlackCommandMiddlewareArgs } from '@slack/bolt';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { demoSeed } from '../../../src/demo/workspace/seed.ts';
import { startWorkspace, type Workspace } from '../../../src/demo/workspace/workspace.ts';
import { type ConnectedApp, connectBolt } from './bolt-app.ts';

type Command = SlackCommandMiddlewareArgs & AllMiddlewareArgs;

/** What the app does, by the first word of the command. */
const behaviours: Record<string, (args: Command) => Promise<void>> = {
  ack: ({ ack, command }) => ack({ text: `for ${command.user_name} only` }),
  say: async ({ ack, say }) => {
    await ack();
    await say('for everybody');
  },
  respond: async ({ ack, command, respond }) => {
    await ack();
    await respond({ text: `in ${command.channel_name}`, response_type: 'in_channel' });
  },
  echo: async ({ ack, command, respond }) => {
    await ack();
    await respond(command.text);
  },
  flood: async ({ ack, respond, say }) => {
    await ack();
    for (const text of ['1', '2', '3', '4', '5']) await respond(text);
    await respond('6').catch(() => say('refused the sixth'));
  },
};

describe('slash commands', () => {
  let workspace: Workspace;
  let connected: ConnectedApp;

  beforeEach(async () => {
    workspace = await startWorkspace({ seed: demoSeed, answerTimeoutMs: 300 });
    connected = await connectBolt(workspace, (app) => {
      app.command('/runbook', async (args) => {
        await behaviours[args.command.text.split(' ')[0] ?? '']?.(args);
      });
    });
  });

  afterEach(async () => {
    await connected.stop();
    await workspace.stop();
  });

  it('shows the answer of the acknowledgement to the person alone', async () => {
    await workspace.slash('U0MINA', 'C0KROPS', 'ack');

    expect(workspace.ephemerals('U0MINA')).toMatchObject([
      { text: 'for mina only', channel: 'C0KROPS' },
    ]);
    expect(workspace.messages('C0KROPS')).toEqual([]);
    expect(workspace.ephemerals('U0JUN')).toEqual([]);
  });

  it('lets the app post in the channel with its token', async () => {
    await workspace.slash('U0MINA', 'C0KROPS', 'say');

    await expect
      .poll(() => workspace.messages('C0KROPS'))
      .toMatchObject([{ text: 'for everybody', user: 'U0HANDRAIL' }]);
  });

  it('lets the app answer in the channel through the response_url', async () => {
    await workspace.slash('U0MINA', 'C0KROPS', 'respond');

    await expect
      .poll(() => workspace.messages('C0KROPS'))
      .toMatchObject([{ text: 'in kr-oncall' }]);
  });

  it('escapes what was typed as Slack does', async () => {
    await workspace.slash('U0MINA', 'C0KROPS', 'echo a<b & c');

    await expect
      .poll(() => workspace.ephemerals('U0MINA'))
      .toMatchObject([{ text: 'echo a&lt;b &amp; c' }]);
  });

  it('takes no more than five answers through one response_url', async () => {
    await workspace.slash('U0MINA', 'C0KROPS', 'flood');

    await expect
      .poll(() => workspace.messages('C0KROPS'))
      .toMatchObject([{ text: 'refused the sixth' }]);
    expect(workspace.ephemerals('U0MINA').map(({ text }) => text)).toEqual([
      '1',
      '2',
      '3',
      '4',
      '5',
    ]);
  });

  it('tells the person when the app does not answer in time', async () => {
    await workspace.slash('U0MINA', 'C0KROPS', 'slow');

    expect(workspace.ephemerals('U0MINA')).toMatchObject([
      { text: '/runbook failed with the error "operation_timeout"', user: 'USLACKBOT' },
    ]);
  });
});
