import { describe, expect, it } from 'vitest';
import {
  blocksLength,
  findBlockFaults,
  type Surface,
} from '../../../src/demo/workspace/blocks/find-block-faults.ts';
import type { InputDefinition, Runbook } from '../../../src/runbooks/runbook.ts';
import { homeView } from '../../../src/slack/messages/home-view.ts';
import {
  auditAnswer,
  generalHelp,
  runbookHelp,
  runbookList,
  runList,
  statusAnswers,
} from '../../../src/slack/messages/listings.ts';
import {
  detailsModal,
  exceptionsModal,
  loadingModal,
  messageModal,
  rejectModal,
} from '../../../src/slack/messages/modals.ts';
import { pickerModal } from '../../../src/slack/messages/picker-modal.ts';
import { awaiting, blocked, plan, run } from '../sample-runs.ts';
import { states } from '../sample-states.ts';

const types = ['node', 'workload', 'namespace', 'image', 'duration', 'quantity'] as const;
const inputs: InputDefinition[] = [
  ...types.map((type) => ({ name: type, type, title: `The ${type}`, required: true, choices: [] })),
  { name: 'drain', type: 'boolean', title: 'Drain', required: false, default: true, choices: [] },
  {
    name: 'how',
    type: 'choice',
    title: 'How',
    description: 'd'.repeat(3000),
    required: true,
    choices: Array.from({ length: 120 }, (_, index) => `choice-${index}`),
  },
];
const runbook: Runbook = {
  name: 'a-runbook-with-quite-a-long-name-as-people-give-them-at-the-end-of-a-long-day',
  title: 'A title that says what it is for, at length, so that a list of them is no use',
  description: 'What it does. '.repeat(400),
  inputs,
  target: 'node',
  steps: [],
  on: { command: true },
};
const runbooks = Array.from({ length: 130 }, (_, index) => ({ ...runbook, name: `book-${index}` }));
const clusters = [
  { name: 'kr', region: 'ap-northeast-2', channel: 'C0KROPS', language: 'en' as const },
];
const picker = { runbooks, clusters, memory: { channel: 'C0KROPS' } };
const manyPods = { ...awaiting, plan: plan(5000) };
const lines = Array.from({ length: 60 }, (_, index) => ({ ...run(), id: `r-${index}` }));

const views = {
  loading: loadingModal('Run a runbook'),
  'a message': messageModal('Details', '<!channel> '.repeat(500)),
  reject: rejectModal({ runId: 'r7k2', gate: 1, channel: 'C0KROPS', threadTs: '1.2' }),
  'exceptions of a blocked plan': exceptionsModal(blocked, { runId: 'r7k2' }),
  'the picker, nothing chosen': pickerModal({ ...picker, chosen: undefined }),
  'the picker, with every kind of input': pickerModal({ ...picker, chosen: runbook }),
  home: homeView({ waiting: [manyPods], active: lines, recent: lines, cards: new Map() }),
  'home, empty': homeView({ waiting: [], active: [], recent: [], cards: new Map() }),
  ...Object.fromEntries(
    Object.entries(states).map(([name, state]) => [`details, ${name}`, detailsModal(state)]),
  ),
};

describe.each(Object.entries(views))('the view: %s', (_name, view) => {
  it('is what Slack takes', () => {
    expect(findBlockFaults(view.type as Surface, view.blocks)).toEqual([]);
    expect(JSON.stringify(view).length).toBeLessThan(250_000);
  });
});

const answers = [
  runbookList(runbooks),
  runbookHelp(runbook),
  generalHelp(),
  runList('Under way', lines, 'Nothing.'),
  auditAnswer({ entries: 3, head: { seq: 3, hash: 'abc' }, faults: [] }),
  ...Object.values(states).flatMap((state) => statusAnswers(state, 4)),
  ...statusAnswers(manyPods, 4),
];

describe('private answers', () => {
  it('are what Slack takes', () => {
    for (const { text, blocks = [] } of answers) {
      expect(findBlockFaults('message', blocks)).toEqual([]);
      expect(blocksLength(blocks)).toBeLessThan(13_200);
      expect(text.length).toBeLessThanOrEqual(4000);
    }
  });

  it('show a whole plan over several answers, and say where the rest is', () => {
    const two = statusAnswers({ ...awaiting, plan: plan(200) }, 4);
    expect(JSON.stringify(two)).toContain('worker-1-7c9d8b6f5');
    expect(JSON.stringify(two)).toContain('worker-198-7c9d8b6f5');
    expect(statusAnswers(manyPods, 4)).toHaveLength(4);
    expect(statusAnswers(manyPods, 4).at(-1)?.text).toContain('handrail show r7k2');
  });

  it('say where the audit log is not whole', () => {
    const faults = [{ seq: 7, problem: 'its text does not give its hash' }];
    expect(auditAnswer({ entries: 9, head: { seq: 9, hash: 'x' }, faults }).text).toContain(
      'entry 7',
    );
  });
});
