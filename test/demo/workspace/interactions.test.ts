import type { KnownBlock, ModalView } from '@slack/web-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { demoSeed } from '../../../src/demo/workspace/seed.ts';
import { startWorkspace, type Workspace } from '../../../src/demo/workspace/workspace.ts';
import { type ConnectedApp, connectBolt } from './bolt-app.ts';

const plain = (text: string) => ({ type: 'plain_text' as const, text });
const buttons: KnownBlock[] = [
  {
    type: 'actions',
    block_id: 'decision',
    elements: [
      { type: 'button', action_id: 'approve', value: 'run-1', text: plain('Approve') },
      { type: 'button', action_id: 'reject', value: 'run-1', text: plain('Reject') },
    ],
  },
];
const reasonForm: ModalView = {
  type: 'modal',
  callback_id: 'reject_reason',
  private_metadata: 'run-1',
  title: plain('Reject the plan'),
  submit: plain('Reject'),
  blocks: [
    {
      type: 'input',
      block_id: 'reason',
      label: plain('Reason'),
      element: { type: 'plain_text_input', action_id: 'text' },
    },
  ],
};

describe('buttons and modals', () => {
  let workspace: Workspace;
  let connected: ConnectedApp;
  let nowMs: number;
  const triggers: string[] = [];

  beforeEach(async () => {
    nowMs = Date.now();
    triggers.length = 0;
    const clock = { now: () => nowMs, sleep: async () => undefined };
    workspace = await startWorkspace({ seed: demoSeed, clock, answerTimeoutMs: 400 });
    connected = await connectBolt(workspace, (app) => {
      app.action('approve', async ({ ack, body, action, respond }) => {
        await ack();
        const value = 'value' in action ? action.value : '';
        await respond({
          replace_original: true,
          text: `${value} approved by ${body.user.id}`,
        });
      });
      app.action('reject', async ({ ack, body, client }) => {
        await ack();
        const trigger = 'trigger_id' in body ? String(body.trigger_id) : '';
        triggers.push(trigger);
        await client.views.open({ trigger_id: trigger, view: reasonForm });
      });
      app.action('late', async ({ ack, body }) => {
        triggers.push('trigger_id' in body ? String(body.trigger_id) : '');
        await ack();
      });
      app.action('deaf', async () => undefined);
      app.view('reject_reason', async ({ ack, view, client }) => {
        const text = view.state.values['reason']?.['text']?.value ?? '';
        if (text === 'no') {
          await ack({ response_action: 'errors', errors: { reason: 'Say why.' } });
          return;
        }
        await ack();
        await client.chat.postMessage({
          channel: 'C0KROPS',
          text: `${view.private_metadata}: ${text}`,
        });
      });
    });
  });

  afterEach(async () => {
    await connected.stop();
    await workspace.stop();
  });

  async function post(blocks: KnownBlock[]) {
    const { client } = connected.app;
    const { ts } = await client.chat.postMessage({ channel: 'C0KROPS', text: 'plan', blocks });
    return { channel: 'C0KROPS', ts: String(ts) };
  }

  function button(actionId: string): KnownBlock[] {
    return [
      { type: 'actions', elements: [{ type: 'button', action_id: actionId, text: plain('x') }] },
    ];
  }

  it('carries a click to the app and its answer back into the message', async () => {
    const message = await post(buttons);

    await workspace.click('U0JUN', message, 'approve');

    await expect
      .poll(() => workspace.messages('C0KROPS'))
      .toMatchObject([{ ts: message.ts, text: 'run-1 approved by U0JUN', blocks: [] }]);
  });

  it('cannot click what is not there', async () => {
    const message = await post(buttons);

    await expect(workspace.click('U0JUN', message, 'nothing')).rejects.toThrow(/action_id nothing/);
  });

  it('opens a modal for the person who clicked, and submits it', async () => {
    await workspace.click('U0JUN', await post(buttons), 'reject');
    await expect.poll(() => workspace.openViews('U0JUN')).toHaveLength(1);
    const [view] = workspace.openViews('U0JUN');

    await workspace.submitView('U0JUN', String(view?.id), { reason: { text: 'too many pods' } });

    expect(workspace.openViews('U0MINA')).toEqual([]);
    expect(workspace.openViews('U0JUN')).toEqual([]);
    await expect
      .poll(() => workspace.messages('C0KROPS').at(-1)?.text)
      .toBe('run-1: too many pods');
  });

  it('keeps the modal open with the errors of the app and of empty required fields', async () => {
    await workspace.click('U0JUN', await post(buttons), 'reject');
    await expect.poll(() => workspace.openViews('U0JUN')).toHaveLength(1);
    const id = String(workspace.openViews('U0JUN')[0]?.id);

    const empty = await workspace.submitView('U0JUN', id, {});
    const refused = await workspace.submitView('U0JUN', id, { reason: { text: 'no' } });

    expect(empty.errors).toEqual({ reason: 'Please complete this required field.' });
    expect(refused.errors).toEqual({ reason: 'Say why.' });
    expect(workspace.openViews('U0JUN')).toMatchObject([
      { id, errors: { reason: 'Say why.' }, state: { reason: { text: { value: 'no' } } } },
    ]);
  });

  it('takes each trigger once', async () => {
    await workspace.click('U0JUN', await post(buttons), 'reject');
    await expect.poll(() => workspace.openViews('U0JUN')).toHaveLength(1);

    const again = connected.app.client.views.open({
      trigger_id: String(triggers[0]),
      view: reasonForm,
    });

    await expect(again).rejects.toMatchObject({ data: { error: 'exchanged_trigger_id' } });
  });

  it('takes no trigger after three seconds', async () => {
    await workspace.click('U0JUN', await post(button('late')), 'late');
    nowMs += 3001;

    const late = connected.app.client.views.open({
      trigger_id: String(triggers[0]),
      view: reasonForm,
    });

    await expect(late).rejects.toMatchObject({ data: { error: 'expired_trigger_id' } });
  });

  it('tells the person that an app which does not answer timed out', async () => {
    const outcome = await workspace.click('U0JUN', await post(button('deaf')), 'deaf');

    expect(outcome.problem).toMatch(/timed out/);
  });

  it('updates an open modal, and stacks at most three', async () => {
    await workspace.click('U0JUN', await post(buttons), 'reject');
    await expect.poll(() => workspace.openViews('U0JUN')).toHaveLength(1);
    const { views } = connected.app.client;
    const [first] = workspace.openViews('U0JUN');
    const stale = views.update({ view_id: String(first?.id), hash: 'old', view: reasonForm });
    await expect(stale).rejects.toMatchObject({ data: { error: 'hash_conflict' } });

    await views.update({
      view_id: String(first?.id),
      hash: String(first?.hash),
      view: { ...reasonForm, title: plain('Updated') },
    });

    expect(workspace.openViews('U0JUN')).toMatchObject([
      { id: first?.id, title: { text: 'Updated' } },
    ]);
  });
});
