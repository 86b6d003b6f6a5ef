import type { Failure, RunEnd } from './run.ts';

/** What the workflow does next. */
export type Next =
  | { readonly next: 'go' }
  | { readonly next: 'ask' }
  | { readonly next: 'end'; readonly end: RunEnd };

export type Decided =
  | { readonly status: 'go' | RunEnd }
  /** `until`: epoch milliseconds by this process's clock. */
  | { readonly status: 'wait'; readonly until: number };

export type StepVerdict =
  | { readonly status: 'done' | 'skipped' }
  | { readonly status: 'failed' | 'ended'; readonly end: RunEnd };

export type Begun =
  | { readonly status: 'begun'; readonly steps: string[] }
  | { readonly status: 'ended'; readonly end: RunEnd };

/** The parts of a run that touch the world. Each may run twice, and comes to the same result. */
export interface Phases {
  plan(runId: string, gate: number): Promise<Next>;
  decided(runId: string, gate: number): Promise<Decided>;
  /** Takes hold of the target; the ids of the run's steps, in order. */
  begin(runId: string): Promise<Begun>;
  check(runId: string, at: { stepId: string; gate: number }): Promise<Next>;
  carryOut(runId: string, stepId: string): Promise<StepVerdict>;
  undo(runId: string, stepId: string): Promise<StepVerdict>;
  /** Notes why the run could not go on, where no other phase has. */
  giveUp(runId: string, failure: Failure): Promise<undefined>;
  end(runId: string, end: RunEnd): Promise<undefined>;
}
