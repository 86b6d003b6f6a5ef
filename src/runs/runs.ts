import type { Text } from '../language/text.ts';
import type { Cause, Person, Run } from './run.ts';

export interface RunRequest {
  readonly runbook: string;
  readonly cluster: string;
  /** As the edge got them: texts by input name. Checked here against the runbook's inputs. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly requester: Person;
  readonly cause: Cause;
  readonly dryRun: boolean;
  readonly accepted: readonly string[];
}

/** A person at the moment of a click: what the edge knows about them right now. */
export interface Decider extends Person {
  readonly groups: readonly string[];
  /** Why this person can decide nothing at all, such as `is a guest`; absent for ordinary members. */
  readonly ineligible?: Text;
}

export interface Decision {
  readonly runId: string;
  readonly gate: number;
  readonly verdict: 'approve' | 'reject';
  readonly by: Decider;
  readonly reason?: string;
}

/** What came of a click. Texts are for the person who clicked, in private. */
export type DecisionResult =
  | { readonly status: 'decided'; readonly verdict: 'approve' | 'reject' }
  | { readonly status: 'counted'; readonly have: number; readonly need: number }
  | { readonly status: 'refused'; readonly why: Text }
  | { readonly status: 'too_late'; readonly why: Text };

/** What edges may ask of runs. All errors are RunbookErrors with a message for the person who asked. */
export interface Runs {
  /**
   * Records the run and starts it; answers before anything is planned.
   * @throws InputError (`input_invalid`), UnknownRunbookError (`runbook_unknown`), TargetBusyError (`target_busy`)
   */
  request(request: RunRequest): Promise<{ readonly runId: string }>;
  decide(decision: Decision): Promise<DecisionResult>;
  /** Accepts named exceptions of a blocked plan, which is then made anew. */
  acceptExceptions(runId: string, names: readonly string[], by: Person): Promise<DecisionResult>;
  /** Asks a run to stop: obeyed between mutations, then what is ours is undone. */
  stop(runId: string, by: Person): Promise<{ readonly text: Text }>;
  /** @throws UnknownRunError (`run_unknown`) */
  get(runId: string): Promise<Run>;
  list(filter: RunFilter): Promise<readonly RunLine[]>;
  /** Called with a run's id after each committed change, in this process and in others. */
  onChange(changed: (runId: string) => void): Promise<() => Promise<void>>;
}

export interface RunFilter {
  readonly active?: boolean;
  readonly cluster?: string;
  readonly target?: string;
  /** At most this many, newest first. */
  readonly limit: number;
}

export type RunLine = Pick<
  Run,
  | 'id'
  | 'runbook'
  | 'cluster'
  | 'target'
  | 'status'
  | 'requester'
  | 'createdAt'
  | 'endedAt'
  | 'version'
> & { readonly summary?: Text };
