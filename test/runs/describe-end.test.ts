import { describe, expect, it } from 'vitest';
import { inEnglish } from '../../src/language/translate.ts';
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
});
