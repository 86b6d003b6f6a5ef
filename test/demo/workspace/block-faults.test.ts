import { describe, expect, it } from 'vitest';
import { findBlockFaults } from '../../../src/demo/workspace/blocks/find-block-faults.ts';

const plain = (text: string) => ({ type: 'plain_text', text });
const mrkdwn = (text: string) => ({ type: 'mrkdwn', text });
const button = (actionId: string) => ({ type: 'button', action_id: actionId, text: plain('x') });
const table = { type: 'table', rows: [[{ type: 'raw_text', text: 'a' }]] };
const plan = {
  type: 'plan',
  title: 'Plan',
  tasks: [{ type: 'task_card', task_id: '1', title: 'Cordon', status: 'pending' }],
};

describe('findBlockFaults', () => {
  it('finds nothing wrong with what Slack takes', () => {
    const blocks = [
      { type: 'header', text: plain('node-unstable') },
      { type: 'section', fields: [mrkdwn('*Cluster*\nkr')], accessory: button('open') },
      plan,
      table,
      { type: 'markdown', text: '**why**' },
      { type: 'actions', elements: [button('approve'), button('reject')] },
      { type: 'context', elements: [mrkdwn('until 03:20')] },
      { type: 'divider' },
    ];

    expect(findBlockFaults('message', blocks)).toEqual([]);
  });

  it.each([
    ['header of 151', [{ type: 'header', text: plain('x'.repeat(151)) }], /blocks\/0\/text/],
    ['section of 3001', [{ type: 'section', text: mrkdwn('x'.repeat(3001)) }], /blocks\/0\/text/],
    ['empty section', [{ type: 'section' }], /text or fields/],
    ['11 fields', [{ type: 'section', fields: Array(11).fill(mrkdwn('x')) }], /fields/],
    [
      '26 buttons',
      [{ type: 'actions', elements: Array.from({ length: 26 }, (_, i) => button(`b${i}`)) }],
      /elements/,
    ],
    [
      'button text of 76',
      [{ type: 'actions', elements: [{ ...button('a'), text: plain('x'.repeat(76)) }] }],
      /elements\/0\/text/,
    ],
    ['unknown field', [{ type: 'divider', colour: 'red' }], /colour/],
    ['unknown block', [{ type: 'marquee' }], /blocks\/0/],
    ['51 blocks', Array(51).fill({ type: 'divider' }), /no more than 50/],
    ['two plans', [plan, plan], /more than 1 plan/],
    ['two tables', [table, table], /only one table/],
    [
      'same action twice',
      [{ type: 'actions', elements: [button('a'), button('a')] }],
      /action_id a/,
    ],
    [
      'same block id',
      Array(2).fill({ type: 'divider', block_id: 'd' }),
      /block_id d already exists/,
    ],
    [
      'markdown of 12,001 in all',
      Array(2).fill({ type: 'markdown', text: 'x'.repeat(6001) }),
      /12000 characters/,
    ],
    ['alert in a message', [{ type: 'alert', text: plain('x') }], /surface message/],
  ])('refuses a message with %s', (_name, blocks, reason) => {
    expect(findBlockFaults('message', blocks)).toEqual([expect.stringMatching(reason)]);
  });

  it.each([
    ['plan', plan],
    ['table', table],
    ['markdown', { type: 'markdown', text: 'x' }],
  ])('refuses a %s on the Home tab and in modals', (_name, block) => {
    expect(findBlockFaults('home', [block])).toHaveLength(1);
    expect(findBlockFaults('modal', [block])).toHaveLength(1);
  });

  it('takes an alert and a number only in a modal', () => {
    const blocks = [
      { type: 'alert', level: 'warning', text: plain('14 pods leave') },
      {
        type: 'input',
        label: plain('Replicas'),
        element: { type: 'number_input', action_id: 'n', is_decimal_allowed: false },
      },
    ];

    expect(findBlockFaults('modal', blocks)).toEqual([]);
    expect(findBlockFaults('home', blocks)).toHaveLength(2);
  });
});
