import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { demoSeed } from '../../../src/demo/workspace/seed.ts';
import type { SlackFault } from '../../../src/demo/workspace/slack-fault.ts';
import { startWorkspace, type Workspace } from '../../../src/demo/workspace/workspace.ts';
import { type ConnectedApp, connectBolt } from './bolt-app.ts';

const CHANNEL = 'C0KROPS';

let workspace: Workspace;
let connected: ConnectedApp;
let seen: { readonly what: string; readonly retry: unknown; readonly reason: unknown }[];

beforeEach(async () => {
  seen = [];
  workspace = await startWorkspace({
    seed: demoSeed,
    answerTimeoutMs: 300,
    eventRetryDelaysMs: [0, 5, 10],
  });
  connected = await connectBolt(workspace, (app) => {
    const note = (what: string, context: { retryNum?: number; retryReason?: string }) =>
      seen.push({ what, retry: context.retryNum, reason: context.retryReason });
    app.command('/runbook', async ({ ack, command, context }) => {
      await ack();
      note(command.trigger_id, context);
    });
    app.action('press', async ({ ack, action, context }) => {
      await ack();
      note('action_ts' in action ? action.action_ts : '', context);
    });
    app.event('app_mention', async ({ body, context }) => void note(body.event_id, context));
  });
});
afterEach(async () => {
  await connected.stop();
  await workspace.stop();
});

async function click() {
  const { ts = '' } = await connected.app.client.chat.postMessage({
    channel: CHANNEL,
    text: 'x',
    blocks: [
      {
        type: 'actions',
        elements: [
          { type: 'button', action_id: 'press', text: { type: 'plain_text', text: 'Press' } },
        ],
      },
    ],
  });
  return workspace.click('U0MINA', { channel: CHANNEL, ts }, 'press');
}

const acts = {
  command: () => workspace.slash('U0MINA', CHANNEL, 'list'),
  interaction: click,
  event: () => workspace.mention('U0MINA', CHANNEL, 'list'),
};
const kinds = Object.entries(acts).map(([kind, act]) => ({ kind, act }));

function once(kind: string, fault: SlackFault): void {
  let round = 0;
  workspace.faults = [
    (method) => (method === `callback:${kind}` && round++ === 0 ? fault : undefined),
  ];
}

describe.each(kinds)('a $kind', ({ kind, act }) => {
  it('comes again under the same id, with the number of the attempt', async () => {
    once(kind, { again: 2 });

    await act();

    await expect.poll(() => seen.map(({ retry }) => retry)).toEqual([undefined, 1, 2]);
    expect(new Set(seen.map(({ what }) => what)).size).toBe(1);
    expect(seen.at(-1)?.reason).toBe('http_timeout');
  });

  it('whose answer is lost has reached the app', async () => {
    once(kind, { reset: 'after' });

    await act();

    await expect.poll(() => seen.length).toBeGreaterThanOrEqual(1);
  });
});

describe('a person', () => {
  it('is told that a command timed out when it or its answer comes too late', async () => {
    for (const fault of [{ delayMs: 400 }, { hang: 'after' }, { hang: 'before' }] as const) {
      once('command', fault);
      await expect(workspace.slash('U0MINA', CHANNEL, 'list')).resolves.toEqual({
        problem: '/runbook failed with the error "operation_timeout"',
      });
    }

    // what was late, and what was answered into the void, the app has got all the same
    expect(seen).toHaveLength(2);
  });

  it('is told that a click was not answered', async () => {
    once('interaction', { reset: 'before' });

    await expect(click()).resolves.toEqual({ problem: 'The app cannot be reached.' });

    expect(seen).toEqual([]);
  });
});
