import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { demoSeed } from '../../../src/demo/workspace/seed.ts';
import { startWorkspace, type Workspace } from '../../../src/demo/workspace/workspace.ts';
import { type ConnectedApp, connectBolt } from './bolt-app.ts';

interface Seen {
  readonly id: string;
  readonly text: string;
  readonly retry: number | undefined;
  readonly reason: string | undefined;
}

describe('events', () => {
  let workspace: Workspace;
  let connected: ConnectedApp;
  let seen: Seen[];

  beforeEach(async () => {
    seen = [];
    workspace = await startWorkspace({
      seed: demoSeed,
      eventRetryDelaysMs: [0, 5, 10],
      answerTimeoutMs: 400,
    });
    connected = await connectBolt(workspace, (app) => {
      const note = (text: string, body: { event_id: string }, context: object) => {
        const { retryNum, retryReason } = context as { retryNum?: number; retryReason?: string };
        seen.push({ id: body.event_id, text, retry: retryNum, reason: retryReason });
      };
      app.event('app_mention', async ({ event, body, context }) => note(event.text, body, context));
      app.message(async ({ message, body, context }) => {
        if ('text' in message) note(`im ${message.text}`, body, context);
      });
      app.event('subteam_members_changed', async ({ event, body, context }) => {
        note(`left ${event.removed_users?.join()}`, body, context);
      });
      app.event('app_home_opened', async ({ event, client }) => {
        await client.views.publish({
          user_id: event.user,
          view: { type: 'home', blocks: [{ type: 'header', text: plain('Waiting for you') }] },
        });
      });
    });
  });

  afterEach(async () => {
    await connected.stop();
    await workspace.stop();
  });

  it('delivers a mention with what was typed as markup', async () => {
    await workspace.mention('U0MINA', 'C0KROPS', 'ask @Jun Seo in #general about <this>');

    await expect
      .poll(() => seen.map(({ text }) => text))
      .toEqual(['<@U0HANDRAIL> ask <@U0JUN> in <#C0GENERAL|general> about &lt;this&gt;']);
  });

  it('delivers messages of the direct conversation, and no other ones', async () => {
    await workspace.say('U0MINA', 'C0KROPS', 'not for the app');
    const { channel } = await connected.app.client.conversations.open({ users: 'U0MINA' });

    await workspace.say('U0MINA', String(channel?.id), 'status');

    await expect.poll(() => seen.map(({ text }) => text)).toEqual(['im status']);
  });

  it('delivers an event again, under the same id, until an answer arrives', async () => {
    let lost = 0;
    workspace.faults = [
      (method) => (method === 'callback:event' && lost++ < 2 ? { hang: 'after' } : undefined),
    ];

    await workspace.mention('U0MINA', 'C0KROPS', 'status');

    await expect.poll(() => seen).toHaveLength(3);
    expect(new Set(seen.map(({ id }) => id)).size).toBe(1);
    expect(seen.map(({ retry }) => retry)).toEqual([undefined, 1, 2]);
    expect(seen[1]?.reason).toBe('http_timeout');
  });

  it('tells the app when somebody leaves a user group', async () => {
    await workspace.setGroupMembers('S0SRE', ['U0JUN']);

    await expect.poll(() => seen.map(({ text }) => text)).toEqual(['left U0MINA,U0SORA,U0AIKO']);
  });

  it('shows the Home tab that the app publishes for one person', async () => {
    await workspace.openHome('U0JUN');

    await expect
      .poll(() => workspace.home('U0JUN'))
      .toMatchObject({ user: 'U0JUN', blocks: [{ text: { text: 'Waiting for you' } }] });
    expect(workspace.home('U0MINA')).toBeUndefined();
  });
});

function plain(text: string) {
  return { type: 'plain_text' as const, text };
}
