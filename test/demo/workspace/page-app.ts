import type { App } from '@slack/bolt';
import type { KnownBlock, ModalView } from '@slack/web-api';

const plain = (text: string) => ({ type: 'plain_text' as const, text });

const card: KnownBlock[] = [
  { type: 'header', text: plain('Drain kr-b-2') },
  {
    type: 'section',
    text: { type: 'mrkdwn', text: 'asked by <@U0MINA> <script>alert(1)</script> &lt;b&gt;' },
  },
  {
    type: 'actions',
    elements: [
      {
        type: 'button',
        action_id: 'approve',
        style: 'primary',
        text: plain('Approve'),
        confirm: {
          title: plain('Approve the drain?'),
          text: plain('14 pods leave kr-b-2.'),
          confirm: plain('Approve'),
          deny: plain('Not yet'),
        },
      },
      { type: 'button', action_id: 'reject', style: 'danger', text: plain('Reject') },
    ],
  },
];

const form: ModalView = {
  type: 'modal',
  callback_id: 'rejection',
  title: plain('Reject the plan'),
  submit: plain('Reject'),
  blocks: [
    {
      type: 'input',
      block_id: 'kind',
      label: plain('Kind'),
      element: {
        type: 'static_select',
        action_id: 'choice',
        options: [
          { text: plain('Too many pods'), value: 'many' },
          { text: plain('Wrong node'), value: 'wrong' },
        ],
      },
    },
    {
      type: 'input',
      block_id: 'reason',
      label: plain('Reason'),
      element: { type: 'plain_text_input', action_id: 'text' },
    },
  ],
};

const readyButton: KnownBlock = {
  type: 'actions',
  elements: [{ type: 'button', action_id: 'ready', text: plain('Ready') }],
};

/** A small app with one of each thing the page must be able to show and do. */
export function pageApp(app: App): void {
  app.command('/runbook', async ({ ack, command, say, client }) => {
    if (command.text === 'node-unstable kr-b-2') {
      await ack();
      await say({ text: 'Drain kr-b-2', blocks: card });
      return;
    }
    if (command.text === 'ask in a thread') {
      await ack();
      const { ts = '' } = await say('Drain kr-b-2');
      const channel = command.channel_id;
      const question = { text: 'Ready?', blocks: [readyButton], reply_broadcast: true } as const;
      await client.chat.postMessage({ channel, thread_ts: ts, ...question });
      return;
    }
    await ack(`No runbook ${command.text}.`);
  });
  app.action('approve', async ({ ack, body, client, respond }) => {
    await ack();
    await respond({ replace_original: true, text: `Approved by <@${body.user.id}>` });
    const ts = 'message' in body ? String(body.message?.ts) : '';
    await client.chat.postMessage({
      channel: 'C0KROPS',
      thread_ts: ts,
      text: 'evicting web/api-1',
    });
  });
  app.action('ready', async ({ ack, respond }) => {
    await ack();
    const text = 'Somebody else must say so.';
    await respond({ text, response_type: 'ephemeral', replace_original: false });
  });
  app.action('reject', async ({ ack, body, client }) => {
    await ack();
    const trigger = 'trigger_id' in body ? String(body.trigger_id) : '';
    await client.views.open({ trigger_id: trigger, view: form });
  });
  app.view('rejection', async ({ ack, view, client, body }) => {
    const { kind, reason } = view.state.values;
    const text = reason?.['text']?.value ?? '';
    if (text.length < 5) {
      await ack({ response_action: 'errors', errors: { reason: 'Say it in a few words.' } });
      return;
    }
    await ack();
    const choice = kind?.['choice']?.selected_option?.value;
    await client.chat.postMessage({
      channel: 'C0KROPS',
      text: `<@${body.user.id}> rejected (${choice}): ${text}`,
    });
  });
  app.event('app_mention', async ({ event, client }) => {
    const thread_ts = event.ts;
    await client.chat.postMessage({ channel: event.channel, thread_ts, text: 'At your service' });
  });
  app.event('app_home_opened', async ({ event, client }) => {
    const blocks: KnownBlock[] = [{ type: 'header', text: plain(`Waiting for ${event.user}`) }];
    await client.views.publish({ user_id: event.user, view: { type: 'home', blocks } });
  });
}
