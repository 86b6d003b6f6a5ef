import { describe, expect, it } from 'vitest';
import type { ApiCall } from '../../src/demo/workspace/model.ts';
import { checkMessages } from './check-messages.ts';

const button = { type: 'button', text: { type: 'plain_text', text: 'Stop' } };

function sent(args: ApiCall['args'], error?: string): () => void {
  const call = { at: 0, method: 'chat.postMessage', args, ok: error === undefined };
  return () => checkMessages({ calls: [{ ...call, ...(error && { error }) }] });
}

describe('what is sent to Slack in a test', () => {
  it('may be a text with a button that has words for a screen reader', () => {
    const elements = [{ ...button, accessibility_label: 'Stop node-unstable kr-b-2' }];
    const blocks = JSON.stringify([{ type: 'actions', elements }]);

    expect(sent({ text: 'Waiting for approval', blocks })).not.toThrow();
  });

  it('may be refused for what is not its content', () => {
    expect(sent({ text: 'Waiting' }, 'ratelimited')).not.toThrow();
  });

  it.each<[string, () => void, RegExp]>([
    ['refused for its blocks', sent({ text: 'a' }, 'invalid_blocks'), /invalid_blocks/],
    ['without words', sent({ text: '⚠️' }), /no word/],
    ['longer than what is read', sent({ text: 'a'.repeat(4001) }), /4001 characters/],
    ['a call to everybody', sent({ text: 'a <!here>' }), /calls everybody/],
    [
      'a mute button',
      sent({ text: 'a', blocks: JSON.stringify([{ type: 'actions', elements: [button] }]) }),
      /without an accessibility_label/,
    ],
    [
      'a sign alone',
      sent({ text: 'a', view: JSON.stringify({ title: { type: 'plain_text', text: '✔' } }) }),
      /signs without a word/,
    ],
  ])('is found where it is %s', (_, check, fault) => {
    expect(check).toThrow(fault);
  });
});
