import { ErrorCode, WebClient } from '@slack/web-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { demoSeed } from '../../../src/demo/workspace/seed.ts';
import { startWorkspace, type Workspace } from '../../../src/demo/workspace/workspace.ts';
import { quietLogger } from './quiet-logger.ts';

const section = (text: string) => ({ type: 'section', text: { type: 'mrkdwn' as const, text } });

describe('the Web API', () => {
  let workspace: Workspace;
  let client: WebClient;

  beforeEach(async () => {
    const channels = [
      ...demoSeed.channels,
      { id: 'C0OTHER', name: 'other', members: ['U0MINA'] },
      { id: 'C0OLD', name: 'old', members: ['U0MINA', 'U0HANDRAIL'], is_archived: true },
    ];
    workspace = await startWorkspace({ seed: { ...demoSeed, channels } });
    client = clientOf(workspace, workspace.botToken);
  });

  afterEach(() => workspace.stop());

  it('says who the token belongs to', async () => {
    expect(await client.auth.test()).toMatchObject({ user_id: 'U0HANDRAIL', team: 'Meridian' });
  });

  it('knows no other token and no unknown method', async () => {
    const stranger = clientOf(workspace, 'xoxb-wrong');

    expect(await errorOf(stranger.auth.test())).toBe('invalid_auth');
    expect(await errorOf(client.apiCall('chat.teleport'))).toBe('unknown_method');
  });

  it('posts, updates in place and deletes', async () => {
    const { ts } = await client.chat.postMessage({
      channel: 'C0KROPS',
      text: 'plan',
      blocks: [section('*plan*')],
      metadata: { event_type: 'handrail_run', event_payload: { run: 'r-1' } },
    });
    await client.chat.update({
      channel: 'C0KROPS',
      ts: String(ts),
      text: 'done',
      blocks: [section('*done*')],
    });
    const [updated] = workspace.messages('C0KROPS');
    await client.chat.delete({ channel: 'C0KROPS', ts: String(ts) });

    expect(updated).toMatchObject({
      ts,
      text: 'done',
      blocks: [{ type: 'section', text: { text: '*done*' } }],
      metadata: { event_type: 'handrail_run', event_payload: { run: 'r-1' } },
    });
    expect(updated?.edited).toBeUndefined();
    expect(workspace.messages('C0KROPS')).toMatchObject([{ ts, deleted: true }]);
  });

  it('drops the blocks and marks the message when only its text is updated', async () => {
    const { ts } = await client.chat.postMessage({
      channel: 'C0KROPS',
      text: 'a',
      blocks: [section('a')],
    });
    await client.chat.update({ channel: 'C0KROPS', ts: String(ts), text: 'b' });

    expect(workspace.messages('C0KROPS')).toMatchObject([
      { text: 'b', blocks: [], edited: { user: 'U0HANDRAIL' } },
    ]);
  });

  it('keeps an ephemeral message between the app and one person', async () => {
    await client.chat.postEphemeral({ channel: 'C0KROPS', user: 'U0JUN', text: 'psst' });

    expect(workspace.ephemerals('U0JUN')).toMatchObject([{ text: 'psst' }]);
    expect(workspace.messages('C0KROPS')).toEqual([]);
    expect((await client.conversations.history({ channel: 'C0KROPS' })).messages).toEqual([]);
  });

  it('gives a thread with its metadata, page by page', async () => {
    const { ts } = await client.chat.postMessage({ channel: 'C0KROPS', text: 'root' });
    for (const text of ['one', 'two', 'three']) {
      await client.chat.postMessage({
        channel: 'C0KROPS',
        thread_ts: String(ts),
        text,
        metadata: { event_type: 'step', event_payload: { text } },
        reply_broadcast: text === 'three',
      });
    }
    const ask = { channel: 'C0KROPS', ts: String(ts), limit: 2, include_all_metadata: true };
    const first = await client.conversations.replies(ask);
    const cursor = String(first.response_metadata?.next_cursor);
    const second = await client.conversations.replies({ ...ask, cursor });
    const history = await client.conversations.history({ channel: 'C0KROPS' });

    expect(first.messages?.map(({ text }) => text)).toEqual(['root', 'one', 'two']);
    expect(first.messages?.[1]?.metadata).toMatchObject({ event_payload: { text: 'one' } });
    expect(second.messages?.map(({ text }) => text)).toEqual(['root', 'three']);
    expect(second.has_more).toBe(false);
    expect(history.messages?.map(({ text }) => text)).toEqual(['three', 'root']);
    expect(history.messages?.[1]).toMatchObject({ reply_count: 3, thread_ts: ts });
    expect(history.messages?.[1]).not.toHaveProperty('metadata');
  });

  it('opens a direct conversation by a person’s id', async () => {
    const posted = await client.chat.postMessage({ channel: 'U0JUN', text: 'please approve' });
    const opened = await client.conversations.open({ users: 'U0JUN' });

    expect(posted.channel).toBe(opened.channel?.id);
    expect(workspace.messages(String(posted.channel))).toMatchObject([{ text: 'please approve' }]);
  });

  it('tells about people, and their locale only when asked', async () => {
    const plain = await client.users.info({ user: 'U0GUEST' });
    const full = await client.users.info({ user: 'U0KENJI', include_locale: true });
    const approvers = await client.usergroups.users.list({ usergroup: 'S0SRE' });

    expect(plain.user).toMatchObject({ is_restricted: true, is_bot: false });
    expect(plain.user).not.toHaveProperty('locale');
    expect(full.user).toMatchObject({ locale: 'ja-JP', tz: 'Asia/Tokyo' });
    expect(approvers.users).toContain('U0JUN');
  });

  it('takes a file in three steps and shares it in a thread', async () => {
    const { ts } = await client.chat.postMessage({ channel: 'C0KROPS', text: 'root' });
    await client.filesUploadV2({
      channel_id: 'C0KROPS',
      thread_ts: String(ts),
      filename: 'timeline.md',
      title: 'Timeline',
      content: '# drained',
    });
    const [file] = workspace.messages('C0KROPS').at(-1)?.files ?? [];
    const content = await fetch(String(file?.url_private)).then((response) => response.text());

    expect(file).toMatchObject({ name: 'timeline.md', title: 'Timeline' });
    expect(workspace.messages('C0KROPS').at(-1)?.thread_ts).toBe(ts);
    expect(content).toBe('# drained');
  });

  it.each([
    ['channel_not_found', { channel: 'C0NOWHERE', text: 'x' }],
    ['not_in_channel', { channel: 'C0OTHER', text: 'x' }],
    ['is_archived', { channel: 'C0OLD', text: 'x' }],
    ['no_text', { channel: 'C0KROPS', text: '' }],
    ['invalid_blocks', { channel: 'C0KROPS', text: 'x', blocks: [section('x'.repeat(3001))] }],
    ['invalid_blocks_format', { channel: 'C0KROPS', text: 'x', blocks: 'nonsense' }],
    [
      'msg_blocks_too_long',
      { channel: 'C0KROPS', text: 'x', blocks: Array(5).fill(section('x'.repeat(2900))) },
    ],
    ['thread_not_found', { channel: 'C0KROPS', text: 'x', thread_ts: '1.000001' }],
  ])('refuses a message with %s', async (code, message) => {
    expect(await errorOf(client.apiCall('chat.postMessage', message))).toBe(code);
    expect(workspace.messages('C0KROPS')).toEqual([]);
  });

  it('refuses updates that Slack refuses', async () => {
    const { ts: own } = await client.chat.postMessage({ channel: 'C0KROPS', text: 'own' });
    const { ts: other } = await workspace.say('U0MINA', 'C0KROPS', 'mine');
    const update = (ts: unknown, text: string) =>
      errorOf(client.chat.update({ channel: 'C0KROPS', ts: String(ts), text }));

    expect(await update('1.000001', 'x')).toBe('message_not_found');
    expect(await update(other, 'x')).toBe('cant_update_message');
    expect(await update(own, 'x'.repeat(4001))).toBe('msg_too_long');
  });

  it('says in words what is wrong with blocks', async () => {
    const blocks = [{ type: 'header', text: { type: 'mrkdwn', text: 'no' } }];
    const error = await client
      .apiCall('chat.postMessage', { channel: 'C0KROPS', text: 'x', blocks })
      .catch((caught: unknown) => caught);

    expect(error).toMatchObject({
      data: {
        errors: [expect.stringContaining('json-pointer:/blocks/0/text')],
        response_metadata: { messages: [expect.stringContaining('[ERROR]')] },
      },
    });
  });

  it('marks messages with reactions and pins, once', async () => {
    const { ts } = await client.chat.postMessage({ channel: 'C0KROPS', text: 'x' });
    const at = { channel: 'C0KROPS', timestamp: String(ts) };
    await client.reactions.add({ ...at, name: 'eyes' });
    await client.pins.add(at);

    expect(workspace.messages('C0KROPS')).toMatchObject([
      { reactions: [{ name: 'eyes', users: ['U0HANDRAIL'] }], pinned: true },
    ]);
    expect(await errorOf(client.reactions.add({ ...at, name: 'eyes' }))).toBe('already_reacted');
    expect(await errorOf(client.pins.add(at))).toBe('already_pinned');
  });
});

function clientOf(workspace: Workspace, token: string): WebClient {
  return new WebClient(token, {
    slackApiUrl: workspace.apiUrl,
    retryConfig: { retries: 0 },
    logger: quietLogger,
  });
}

/** Slack's error code of a call that fails. */
async function errorOf(call: Promise<unknown>): Promise<unknown> {
  const error = await call.then(
    () => new Error('the call succeeded'),
    (caught: unknown) => caught,
  );
  const { code, data } = error as { code?: string; data?: { error?: string } };
  return code === ErrorCode.PlatformError ? data?.error : error;
}
