import type { ExecuteContext, Mutation } from '../actions/action.ts';
import type { JsonObject } from '../json.ts';
import { agreedPlan } from './agreement.ts';
import { approvers } from './audit-who.ts';
import { effectText } from './effects.ts';
import { clusterOf } from './plan-run.ts';
import type { PlannedStep, Run } from './run.ts';
import type { RunEnvironment } from './run-environment.ts';
import { EffectNotApprovedError, RunStoppedError, StepTimeoutError } from './run-errors.ts';
import { runJournal } from './run-journal.ts';
import { saveProgress, stopRequestedBy } from './run-store.ts';
import { tell } from './timeline.ts';

export interface StepScene {
  readonly run: Run;
  readonly planned: PlannedStep;
  readonly startedAt: number;
  readonly timeoutMs: number;
  /** Going back: only what is ours is touched, and a request to stop is what led here. */
  readonly undoing: boolean;
}

/** What an action gets to work with: the cluster to read, and `mutate` as the only way to change it. */
export function stepContext(environment: RunEnvironment, scene: StepScene): ExecuteContext {
  const { run, planned, undoing } = scene;
  const { database, clock } = environment;
  const cluster = clusterOf(environment, run.cluster);
  const actor = cluster.client.as({ runId: run.id, traceId: run.traceId });
  const approvedBy = approvers(run);
  const journal = runJournal(environment, run);
  const agreed = agreedTexts(environment, scene);

  async function mutate(mutation: Mutation): Promise<JsonObject> {
    const { effect } = mutation;
    if (!undoing && !agreed.has(effectText(effect))) {
      throw new EffectNotApprovedError(effect);
    }
    return journal.carryOut(mutation, actor);
  }

  return {
    cluster: actor,
    clusterSettings: cluster.facts,
    providers: environment.providers,
    clock,
    accepted: new Set(run.accepted),
    earlier: earlierEffects(run, planned),
    run: {
      id: run.id,
      traceId: run.traceId,
      runbook: run.runbook,
      stepId: planned.id,
      requester: run.requester.name,
      approvedBy,
    },
    startedAt: scene.startedAt,
    timeoutMs: scene.timeoutMs,
    approved: planned.effects,
    mutate,
    tell: (event) =>
      database.transaction((tx) =>
        tell(tx, run.id, { ...event, key: `${planned.id}/${event.key}`, stepId: planned.id }),
      ),
    progress: (progress) => saveProgress(database, run.id, { id: planned.id, progress }),
    checkpoint: () => checkpoint(environment, scene),
    signal: environment.shutdown,
  };
}

/** What may be changed: the step's effects, as long as the plan that holds them was agreed to. Undoing needs no leave. */
function agreedTexts(environment: RunEnvironment, scene: StepScene): ReadonlySet<string> {
  const { run, planned, undoing } = scene;
  if (undoing || agreedPlan(environment, run) === undefined) return new Set();
  return new Set(planned.effects.map(effectText));
}

async function checkpoint(
  { database, engine, clock, shutdown }: RunEnvironment,
  { run, planned, startedAt, timeoutMs, undoing }: StepScene,
): Promise<void> {
  shutdown.throwIfAborted();
  await engine.checkOwner(database);
  const by = undoing ? undefined : await stopRequestedBy(database, run.id);
  if (by) throw new RunStoppedError(by.name);
  if (clock.now() > startedAt + timeoutMs) throw new StepTimeoutError(planned.id, timeoutMs);
}

function earlierEffects(run: Run, planned: PlannedStep) {
  const steps = run.plan?.steps ?? [];
  const position = steps.findIndex(({ id }) => id === planned.id);
  return steps.slice(0, Math.max(position, 0)).flatMap((step) => step.effects);
}
