import { describe, expect, it } from 'vitest';
import type { Blocker } from '../../src/actions/action.ts';
import { approvedPlan } from '../../src/runs/agreement.ts';
import type { Approval, Plan, Run } from '../../src/runs/run.ts';

const blocker: Blocker = { code: 'fragile', text: 'It is fragile.', wayOut: 'Accept it.' };

/** As far as it matters here: a plan with its digest, and gates with theirs. */
function run(plan: Partial<Plan>, ...gates: Pick<Approval, 'status' | 'digest'>[]): Run {
  return { plan: { blockers: [], ...plan }, approvals: gates } as unknown as Run;
}

describe('the plan that was approved', () => {
  const cases = [
    {
      what: 'the plan in force, by its gate',
      of: run({ digest: 'a' }, { status: 'approved', digest: 'a' }),
      stands: true,
    },
    { what: 'none before anybody was asked', of: run({ digest: 'a' }), stands: false },
    {
      what: 'none while the gate is open',
      of: run({ digest: 'a' }, { status: 'pending', digest: 'a' }),
      stands: false,
    },
    {
      what: 'none when another plan stands now',
      of: run({ digest: 'b' }, { status: 'approved', digest: 'a' }),
      stands: false,
    },
    {
      what: 'none when it was asked for again since',
      of: run(
        { digest: 'a' },
        { status: 'approved', digest: 'a' },
        { status: 'pending', digest: 'a' },
      ),
      stands: false,
    },
    {
      what: 'none when it is blocked',
      of: run({ digest: 'a', blockers: [blocker] }, { status: 'approved', digest: 'a' }),
      stands: false,
    },
  ];

  it.each(cases)('is $what', ({ of, stands }) => {
    expect(approvedPlan(of)).toBe(stands ? of.plan : undefined);
  });
});
