import type { z } from 'zod';
import type { Clock } from '../clock.ts';
import type { JsonObject } from '../json.ts';
import type { Cluster } from '../kubernetes/kubernetes.ts';
import type { Text } from '../language/text.ts';
import type { MachineProviders } from '../provider/provider.ts';

/** How much an effect can hurt: a reversible one has an undo, a destructive one has none. */
export type Risk = 'read' | 'reversible' | 'destructive';

interface ObjectRef {
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  readonly uid: string;
}

/** One change to one object. The plan's digest covers these and nothing else. */
export interface Effect {
  readonly verb: string;
  readonly object: ObjectRef;
  readonly before: JsonObject;
  readonly after: JsonObject;
  readonly risk: Exclude<Risk, 'read'>;
  /** How it is undone, in words; absent where it cannot be. */
  readonly undo?: Text;
}

/** A fact of the plan for people: a heading and lines under it. Plain text, shown escaped. */
export interface Finding {
  readonly title: Text;
  readonly lines: readonly FindingLine[];
}

export interface FindingLine {
  readonly subject: Text;
  /** Groups the lines of a finding. */
  readonly verdict?: Verdict;
  readonly detail?: Text;
}

/** How a plan judges one thing, from calm to hopeless; `verdict-words.ts` has the words. */
export type Verdict =
  | 'ok'
  | 'leaves now'
  | 'leaves by restart'
  | 'already'
  | 'already leaving'
  | 'stays'
  | 'needs a look'
  | 'no room'
  | 'waits'
  | 'needs a decision'
  | 'never';

/** Worth knowing before approving; does not stop the plan. */
export interface Warning {
  readonly code: string;
  readonly text: Text;
}

/** Stops the plan. Where `exception` is set, the operator may accept it by that name. */
export interface Blocker {
  readonly code: string;
  readonly text: Text;
  readonly wayOut: Text;
  readonly exception?: string;
}

/** What becomes of a service that people know by name, in ready endpoints. */
export interface ServiceTile {
  readonly name: string;
  readonly readyNow: number;
  readonly readyWhile: number;
  readonly readyAfter: number;
}

/** What a step would do, worked out by reading only. */
export interface StepPlan {
  /** One sentence without a full stop: what this step does here. Others are put behind it. */
  readonly summary: Text;
  readonly effects: readonly Effect[];
  readonly findings: readonly Finding[];
  readonly warnings: readonly Warning[];
  readonly blockers: readonly Blocker[];
  readonly tiles: readonly ServiceTile[];
  /** Set where the step does nothing here, and why: without a full stop, as the summary. */
  readonly skip?: Text;
  /** With `skip`: what therefore stays as it is, for a person to know when the run has succeeded. */
  readonly left?: readonly Text[];
  /** What later steps may use in expressions as `steps.ID.outputs`. */
  readonly outputs: JsonObject;
}

export interface PlanContext {
  readonly cluster: Cluster;
  readonly clusterSettings: ClusterFacts;
  readonly providers: MachineProviders;
  readonly clock: Clock;
  /** Exceptions that the operator has accepted by name. */
  readonly accepted: ReadonlySet<string>;
  /** Effects planned by earlier steps of the same plan, so that a later step can count on them. */
  readonly earlier: readonly Effect[];
}

/** The part of a cluster's settings that actions need. */
export interface ClusterFacts {
  readonly name: string;
  readonly region: string;
  /** Where Handrail keeps its own Leases. */
  readonly leaseNamespace: string;
  readonly provider: 'auto' | 'cluster-api' | 'karpenter' | 'webhook';
  readonly tiles: readonly { readonly name: string; readonly services: readonly string[] }[];
  /** Pods of these namespaces are said to be critical, with those of system priority classes. */
  readonly criticalNamespaces: readonly string[];
}

/** Whether a change has happened, and what came of it. */
export interface Observed {
  readonly happened: boolean;
  readonly result?: JsonObject;
}

/** A change with all that is needed to make it exactly once. */
export interface Mutation {
  readonly effect: Effect;
  /** Makes the call, with its precondition. */
  act(cluster: Cluster): Promise<JsonObject>;
  /** Looks whether it has happened: asked after a crash, or when an answer was lost. */
  observe(cluster: Cluster): Promise<Observed>;
}

export interface RunFacts {
  readonly id: string;
  readonly traceId: string;
  readonly runbook: string;
  readonly stepId: string;
  readonly requester: string;
  readonly approvedBy: readonly string[];
}

/** Something that happened, told in words; the same key is told once however often a step runs. */
export interface Told {
  readonly key: string;
  readonly text: Text;
  readonly level?: 'info' | 'warning' | 'error';
}

/** What is going on this moment: replaces the step's last progress. */
export interface Progress {
  readonly done: number;
  readonly total: number;
  readonly unit: Text;
  /** What it waits for, with numbers. */
  readonly waiting?: Text;
}

export interface ExecuteContext extends PlanContext {
  readonly run: RunFacts;
  /** Epoch milliseconds at which this step first began; the same after a restart. */
  readonly startedAt: number;
  readonly timeoutMs: number;
  /** Effects of this step as they were approved: nothing else may be changed. */
  readonly approved: readonly Effect[];
  /** Intent, call, outcome: journalled and audited. Throws what the call threw when it had no effect. */
  mutate(mutation: Mutation): Promise<JsonObject>;
  tell(event: Told): Promise<void>;
  progress(progress: Progress): Promise<void>;
  /**
   * Throws RunStoppedError (`run_stopped`) when somebody asked the run to stop, and StepTimeoutError (`step_timeout`)
   * past the step's deadline. Call it before each mutation and in each turn of a waiting loop.
   */
  checkpoint(): Promise<void>;
  /** Aborts when the process shuts down: hand it to watches and sleeps. */
  readonly signal: AbortSignal;
}

export interface StepOutcome {
  /** One sentence without a full stop: what was done, with numbers. */
  readonly summary: Text;
  readonly changed: boolean;
  /** What is left that a person must know. */
  readonly left?: readonly Text[];
  readonly outputs?: JsonObject;
}

/** The code behind `uses:`. Every method may run twice. */
export interface Action<Input = unknown> {
  /** As written after `uses:`, such as `node/drain`. */
  readonly name: string;
  readonly description: string;
  readonly risk: Risk;
  readonly input: z.ZodType<Input>;
  /** The names a step's plan puts in `outputs`, known to the expression checker. */
  readonly outputs: readonly string[];
  plan(context: PlanContext, input: Input): Promise<StepPlan>;
  execute(context: ExecuteContext, input: Input): Promise<StepOutcome>;
  /**
   * Looks whether one of its effects has happened. Asked at a run's end of what a crash left open and no step came back to;
   * absent where the action has no effects.
   */
  observe?(context: ExecuteContext, effect: Effect): Promise<Observed>;
  /** Takes back what `execute` changed, if it is still ours; absent where nothing can be taken back. */
  undo?(context: ExecuteContext, input: Input): Promise<StepOutcome>;
}

/** Ties an action's input to its schema; the registry holds actions of every input. */
export function defineAction<Input>(action: Action<Input>): Action<Input> {
  return action;
}
