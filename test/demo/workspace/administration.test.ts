import type { WebClient } from '@slack/web-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { demoSeed } from '../../../src/demo/workspace/seed.ts';
import { startWorkspace, type Workspace } from '../../../src/demo/workspace/workspace.ts';
import { type ConnectedApp, connectBolt } from './bolt-app.ts';
import { clientOf } from './web-client.ts';

const CHANNEL = 'C0KROPS';
const view = {
  type: 'modal' as const,
  title: { type: 'plain_text' as const, text: 'T' },
  blocks: [],
};

let workspace: Workspace;
let client: WebClient;
beforeEach(async () => {
  workspace = await startWorkspace({ seed: demoSeed });
  client = clientOf(workspace);
});
afterEach(() => workspace.stop());

const post = () => client.chat.postMessage({ channel: CHANNEL, text: 'x' });

describe('the app', () => {
  it.each(['token_revoked', 'account_inactive', 'invalid_auth'] as const)(
    'is refused with %s once its tokens are, until they are taken again',
    async (error) => {
      workspace.admin.refuseTokens(error);
      await expect(post()).rejects.toMatchObject({ data: { error } });

      workspace.admin.takeTokens();
      await expect(post()).resolves.toMatchObject({ ok: true });
    },
  );

  it('is told which scope it lacks, and which it has', async () => {
    workspace.admin.takeScope('usergroups:read');

    const failed = client.usergroups.users.list({ usergroup: 'S0SRE' });

    await expect(failed).rejects.toMatchObject({
      data: {
        error: 'missing_scope',
        needed: 'usergroups:read',
        provided: expect.stringContaining('chat:write'),
      },
    });
    const { response_metadata } = await client.auth.test();
    expect(response_metadata?.scopes).not.toContain('usergroups:read');
    workspace.admin.giveScope('usergroups:read');
    await expect(client.usergroups.users.list({ usergroup: 'S0SRE' })).resolves.toMatchObject({
      ok: true,
    });
  });

  it('needs the token of its user for its user, and its own for its connections', async () => {
    const own = clientOf(workspace, { token: workspace.appToken });

    await expect(own.apiCall('apps.connections.open')).resolves.toMatchObject({
      url: expect.stringMatching(/^ws:/),
    });
    await expect(own.chat.postMessage({ channel: CHANNEL, text: 'x' })).rejects.toMatchObject({
      data: { error: 'not_allowed_token_type' },
    });
    await expect(client.apiCall('apps.connections.open')).rejects.toMatchObject({
      data: { error: 'not_allowed_token_type' },
    });
  });
});

describe('a channel', () => {
  it.each([
    { what: 'archived', act: () => workspace.admin.archive(CHANNEL), error: 'is_archived' },
    { what: 'left', act: () => workspace.admin.kickApp(CHANNEL), error: 'not_in_channel' },
    {
      what: 'deleted',
      act: () => workspace.admin.deleteChannel(CHANNEL),
      error: 'channel_not_found',
    },
  ])('that was $what refuses posts with $error', async ({ act, error }) => {
    act();

    await expect(post()).rejects.toMatchObject({ data: { error } });
  });

  it('that is given back takes posts again', async () => {
    workspace.admin.archive(CHANNEL);
    workspace.admin.kickApp(CHANNEL);
    workspace.admin.unarchive(CHANNEL);
    workspace.admin.inviteApp(CHANNEL);

    await expect(post()).resolves.toMatchObject({ ok: true });
  });
});

describe('a message that somebody deleted', () => {
  it('is not found by an update', async () => {
    const { ts = '' } = await post();
    workspace.admin.deleteMessage(CHANNEL, ts);

    const updating = client.chat.update({ channel: CHANNEL, ts, text: 'y' });

    await expect(updating).rejects.toMatchObject({ data: { error: 'message_not_found' } });
  });
});

describe('what people did a while ago', () => {
  let connected: ConnectedApp;
  let errors: string[];
  const note = (error: { data?: { error: string }; statusCode?: number }) =>
    errors.push(error.data?.error ?? `http ${error.statusCode}`);

  beforeEach(async () => {
    errors = [];
    connected = await connectBolt(workspace, (app) => {
      app.command('/runbook', async ({ ack, command, client: own, respond }) => {
        await ack();
        if (command.text === 'late') {
          workspace.admin.expireTriggers();
          workspace.admin.expireResponseUrls();
        }
        const trigger_id = command.trigger_id;
        await own.views.open({ trigger_id, view }).catch(note);
        if (command.text === 'twice') await own.views.open({ trigger_id, view }).catch(note);
        await respond('late').catch(note);
      });
    });
  });
  afterEach(() => connected.stop());

  it('opens no view any more, and its address takes no answer', async () => {
    await workspace.slash('U0MINA', CHANNEL, 'late');

    await expect.poll(() => errors).toEqual(['expired_trigger_id', 'http 404']);
    expect(workspace.openViews('U0MINA')).toEqual([]);
    expect(workspace.ephemerals('U0MINA')).toEqual([]);
  });

  it('opens one view, not two', async () => {
    await workspace.slash('U0MINA', CHANNEL, 'twice');

    await expect.poll(() => errors).toEqual(['exchanged_trigger_id']);
    expect(workspace.openViews('U0MINA')).toHaveLength(1);
  });
});
