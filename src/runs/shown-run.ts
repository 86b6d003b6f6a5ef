import type { Blocker, Effect, Finding, FindingLine } from '../actions/action.ts';
import type { Translated } from '../language/translate.ts';
import type {
  Approval,
  Failure,
  Plan,
  PlanDifference,
  PlannedStep,
  Run,
  RunOutcome,
  StepState,
  TimelineEvent,
} from './run.ts';

// A run as people see it: its texts are strings in the language of the message.
export type ShownRun = Translated<Run>;
export type ShownPlan = Translated<Plan>;
export type ShownPlannedStep = Translated<PlannedStep>;
export type ShownStepState = Translated<StepState>;
export type ShownApproval = Translated<Approval>;
export type ShownPlanDifference = Translated<PlanDifference>;
export type ShownTimelineEvent = Translated<TimelineEvent>;
export type ShownBlocker = Translated<Blocker>;
export type ShownFinding = Translated<Finding>;
export type ShownFindingLine = Translated<FindingLine>;
export type ShownEffect = Translated<Effect>;
export type ShownFailure = Translated<Failure>;
export type ShownRunOutcome = Translated<RunOutcome>;
