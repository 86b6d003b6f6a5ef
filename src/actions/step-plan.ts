import type { Blocker, StepPlan } from './action.ts';

/** A step's plan of which only what there is to say is given. */
export function stepPlan(said: Pick<StepPlan, 'summary'> & Partial<StepPlan>): StepPlan {
  return {
    effects: [],
    findings: [],
    warnings: [],
    blockers: [],
    tiles: [],
    outputs: {},
    ...said,
  };
}

/** A step that cannot be planned any further. */
export function blockedPlan(summary: string, ...blockers: readonly Blocker[]): StepPlan {
  return stepPlan({ summary, blockers });
}
