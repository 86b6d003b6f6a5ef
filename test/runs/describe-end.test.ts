import { describe, expect, it } from 'vitest';
import { inEnglish, translateTo } from '../../src/language/translate.ts';
import { describeEnd } from '../../src/runs/describe-end.ts';
import type { Run, StepState } from '../../src/runs/run.ts';
import { mina } from './run-world.ts';

function runWith(steps: readonly StepState[], rest: Partial<Run> = {}): Run {
  return {
    id: 'r-1',
    runbook: 'node-unstable',
    runbookTitle: 'Node unstable',
    cluster: 'kr',
    target: 'node/kr-b-2',
    inputs: { node: 'kr-b-2' },
    accepted: [],
    requester: mina,
    cause: { kind: 'command', text: 'node-unstable kr-b-2' },
    dryRun: false,
    status: 'running',
    traceId: 't',
    version: 1,
    approvals: [],
    steps,
    timeline: [],
    createdAt: 0,
    ...rest,
  };
}

const cordoned: StepState = {
  id: 'cordon',
  title: 'Cordon',
  status: 'done',
  summary: 'cordoned kr-b-2',
  left: [],
  startedAt: 1,
};
const kept: StepState = {
  id: 'replace',
  title: 'Replace',
  status: 'skipped',
  summary: 'the machine is kept, as accepted',
  left: ['kr-b-2 stays cordoned'],
  startedAt: 2,
};
const takenBack: StepState = {
  ...cordoned,
  status: 'undone',
  undo: { summary: 'uncordoned kr-b-2', changed: true, left: [] },
};

const person = (name: string) => ({ kind: 'slack', id: name, name }) as const;
const endedRun = runWith([cordoned], {
  failure: { code: 'broken', message: 'broken' },
  stopRequestedBy: person('Sora'),
  approvals: [
    {
      gate: 1,
      status: 'rejected',
      digest: '',
      policy: { groups: [], users: [], quorum: 1, selfApproval: false, expiresAfterMs: 1 },
      openedAt: 0,
      expiresAt: 1,
      votes: [],
      decidedBy: person('Jun'),
    },
  ],
});

describe('the end of a run in words', () => {
  it('names the node that stays cordoned after a success', () => {
    expect(describeEnd(runWith([cordoned, kept]), 'succeeded').left).toEqual([
      'kr-b-2 stays cordoned',
    ]);
  });

  it('does not say so where the cordon was taken back', () => {
    const { left, undone } = describeEnd(runWith([takenBack, kept]), 'failed');
    expect({ left, undone }).toEqual({ left: [], undone: ['uncordoned kr-b-2'] });
  });

  it('says that nothing was changed when it failed before anything was begun', () => {
    const failure = { code: 'plan_failed', message: 'The API server does not answer.' };
    expect(inEnglish(describeEnd(runWith([], { failure }), 'failed').summary)).toBe(
      'Node unstable, node kr-b-2 in kr, failed and changed nothing: The API server does not answer.',
    );
  });

  it('says nothing behind what failed, which says itself whether it ends with a full stop', () => {
    const failure = { code: 'step_failed', message: 'could not get Node a: try again' };
    const { summary } = describeEnd(runWith([cordoned], { failure }), 'failed');
    expect(inEnglish(summary)).toBe(
      'Node unstable, node kr-b-2 in kr, failed: could not get Node a: try again',
    );
  });

  it.each([
    ['succeeded', '実行が成功しました。cordoned kr-b-2。', '실행이 성공했습니다. cordoned kr-b-2.'],
    ['failed', '失敗しました: broken', '실패했습니다: broken'],
    ['rejected', 'Jun さんが', 'Jun 님이'],
    ['expired', '期限切れ', '만료되었습니다'],
    ['cancelled', 'Sora さんが', 'Sora 님이'],
    ['withdrawn', '取り下げられました', '철회되었습니다'],
    ['nothing_to_do', '行うことはありません', '할 일이 없습니다'],
    ['planned', '計画だけです', '계획만 세웠습니다'],
  ] as const)('is in the language of who reads it: %s', (end, japanese, korean) => {
    const { summary } = describeEnd(endedRun, end);

    expect(translateTo('ja')(summary)).toContain(japanese);
    expect(translateTo('ko')(summary)).toContain(korean);
  });
});
