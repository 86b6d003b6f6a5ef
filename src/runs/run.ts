import type {
  Blocker,
  Effect,
  Progress,
  Risk,
  ServiceTile,
  StepPlan,
  Warning,
} from '../actions/action.ts';
import type { JsonObject } from '../json.ts';
import type { Text } from '../language/text.ts';

/** Somebody or something that can ask or decide. `id` is the edge's own: a Slack user id, an operating system user. */
export interface Person {
  readonly kind: 'slack' | 'cli' | 'alert' | 'schedule';
  readonly id: string;
  readonly name: string;
}

/** Why a run exists. */
export type Cause =
  | { readonly kind: 'command'; readonly text: string; readonly channel?: string }
  | { readonly kind: 'cli'; readonly text: string };

/** planning → blocked | awaiting_approval → running → undoing → one of the ends. */
export type RunStatus =
  | 'planning'
  | 'blocked'
  | 'awaiting_approval'
  | 'running'
  | 'undoing'
  | RunEnd;
export type RunEnd =
  | 'succeeded'
  | 'failed'
  | 'rejected'
  | 'expired'
  | 'cancelled'
  | 'withdrawn'
  | 'nothing_to_do'
  /** A dry run: the plan was all that was asked for. */
  | 'planned';

const RUN_ENDS: readonly RunEnd[] = [
  'succeeded',
  'failed',
  'rejected',
  'expired',
  'cancelled',
  'withdrawn',
  'nothing_to_do',
  'planned',
];

export function hasEnded(status: RunStatus): status is RunEnd {
  return (RUN_ENDS as readonly string[]).includes(status);
}

export interface PlannedStep extends StepPlan {
  readonly id: string;
  readonly title: Text;
  readonly uses: string;
  readonly risk: Risk;
}

export interface Plan {
  /** One sentence for the whole. */
  readonly headline: Text;
  readonly steps: readonly PlannedStep[];
  readonly risk: Risk;
  /** Over the effects alone: sha256 of their canonical JSON. */
  readonly digest: string;
  readonly warnings: readonly Warning[];
  readonly blockers: readonly Blocker[];
  readonly tiles: readonly ServiceTile[];
  /** Epoch milliseconds. */
  readonly madeAt: number;
}

export interface PlanDifference {
  readonly added: readonly Effect[];
  readonly removed: readonly Effect[];
}

export interface ApprovalPolicy {
  /** Slack user groups and users who may approve. */
  readonly groups: readonly string[];
  readonly users: readonly string[];
  readonly quorum: number;
  readonly selfApproval: boolean;
  readonly expiresAfterMs: number;
}

export type ApprovalStatus = 'pending' | 'approved' | 'rejected' | 'expired' | 'withdrawn';

export interface Approval {
  readonly gate: number;
  readonly status: ApprovalStatus;
  readonly digest: string;
  readonly policy: ApprovalPolicy;
  /** What changed since the plan that was approved before; absent at the first gate. */
  readonly difference?: PlanDifference;
  readonly openedAt: number;
  readonly expiresAt: number;
  readonly votes: readonly { readonly by: Person; readonly at: number }[];
  readonly decidedAt?: number;
  readonly decidedBy?: Person;
  readonly reason?: string;
}

export type StepStatus = 'pending' | 'running' | 'done' | 'skipped' | 'failed' | 'undone';

export interface Failure {
  readonly code: string;
  readonly message: Text;
}

export interface StepState {
  readonly id: string;
  readonly title: Text;
  readonly status: StepStatus;
  readonly progress?: Progress;
  readonly summary?: Text;
  readonly left: readonly Text[];
  readonly error?: Failure;
  /** What was taken back of it, and what was left. */
  readonly undo?: {
    readonly summary: Text;
    readonly changed: boolean;
    readonly left: readonly Text[];
  };
  readonly startedAt?: number;
  readonly endedAt?: number;
}

export interface TimelineEvent {
  readonly seq: number;
  readonly key: string;
  readonly at: number;
  readonly level: 'info' | 'warning' | 'error';
  readonly text: Text;
  readonly stepId?: string;
}

export interface RunOutcome {
  /** One or two sentences: what happened and why. */
  readonly summary: Text;
  readonly undone: readonly Text[];
  readonly left: readonly Text[];
  /** What a person should do now; absent when nothing. */
  readonly next?: Text;
}

/** All that a view of a run needs, read in one go. Times are epoch milliseconds. */
export interface Run {
  readonly id: string;
  readonly runbook: string;
  readonly runbookTitle: Text;
  readonly cluster: string;
  readonly target: string;
  readonly inputs: JsonObject;
  readonly accepted: readonly string[];
  readonly requester: Person;
  readonly cause: Cause;
  readonly dryRun: boolean;
  readonly status: RunStatus;
  readonly traceId: string;
  readonly version: number;
  readonly plan?: Plan;
  readonly approvals: readonly Approval[];
  readonly steps: readonly StepState[];
  readonly timeline: readonly TimelineEvent[];
  readonly outcome?: RunOutcome;
  readonly stopRequestedBy?: Person;
  readonly failure?: Failure;
  /** Until when a blocked plan waits for its exceptions to be accepted. */
  readonly blockedUntil?: number;
  readonly createdAt: number;
  readonly endedAt?: number;
}
