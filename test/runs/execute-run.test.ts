import { describe, expect, it } from 'vitest';
import { executeRun } from '../../src/runs/execute-run.ts';
import type { Phases } from '../../src/runs/phases.ts';
import type { Workflow } from '../../src/workflow/workflow.ts';

/** Steps one after the other, as the engine does them; what was done is noted in order. */
function trial(overrides: Partial<Phases>) {
  const done: string[] = [];
  const workflow: Workflow = {
    step: async (name, work) => {
      done.push(name);
      return work();
    },
    receive: async () => undefined,
  };
  const phases: Phases = {
    plan: async () => ({ next: 'go' }),
    decided: async () => ({ status: 'go' }),
    begin: async () => ({ status: 'begun', steps: ['cordon', 'drain'] }),
    check: async () => ({ next: 'go' }),
    carryOut: async () => ({ status: 'done' }),
    undo: async () => ({ status: 'done' }),
    giveUp: async (_runId, { message }) => void done.push(`because ${message}`),
    end: async (_runId, end) => void done.push(end),
    ...overrides,
  };
  return { done, run: () => executeRun(workflow, 'r-1', phases) };
}

describe('the course of a run', () => {
  it('takes back what was begun, the last first, when a step fails', async () => {
    const { done, run } = trial({
      carryOut: async (_runId, stepId) =>
        stepId === 'drain' ? { status: 'failed', end: 'failed' } : { status: 'done' },
    });
    await run();
    expect(done.slice(-4)).toEqual(['undo drain', 'undo cordon', 'end', 'failed']);
  });

  it('takes nothing back of a step that was stopped before it began', async () => {
    const { done, run } = trial({
      check: async (_runId, { stepId }) =>
        stepId === 'drain' ? { next: 'end', end: 'cancelled' } : { next: 'go' },
    });
    await run();
    expect(done.slice(-3)).toEqual(['undo cordon', 'end', 'cancelled']);
    expect(done).not.toContain('undo drain');
  });

  it.for(['plan', 'begin', 'check', 'carryOut'] as const)(
    'ends as failed, with the reason, when %s breaks in a way that nobody foresaw',
    async (phase) => {
      const { done, run } = trial({
        [phase]: async () => {
          throw new Error('a bug');
        },
      });
      await run();
      expect(done.slice(-2)).toEqual(['end', 'failed']);
      expect(done).toContain('because a bug');
    },
  );

  it('takes the rest back, and ends, when one step cannot be taken back', async () => {
    const { done, run } = trial({
      carryOut: async () => {
        throw new Error('a bug');
      },
      undo: async () => {
        throw new Error('another');
      },
    });
    await run();
    expect(done).toEqual([
      'plan 1',
      'begin',
      'check cordon 1',
      'step cordon',
      'give up',
      'because a bug',
      'undo cordon',
      'give up',
      'because another',
      'end',
      'failed',
    ]);
  });
});
