import type {
  Action,
  Effect,
  PlanContext,
  Risk,
  ServiceTile,
  StepPlan,
} from '../actions/action.ts';
import type { JsonObject } from '../json.ts';
import { clauses, say, type Text } from '../language/text.ts';
import { type ExpressionScope, evaluateCondition, evaluateWith } from '../runbooks/expressions.ts';
import type { Runbook, RunbookStep } from '../runbooks/runbook.ts';
import { effectsDigest } from './effects.ts';
import type { Plan, PlannedStep, Run } from './run.ts';
import type { KnownCluster, PlanEnvironment } from './run-environment.ts';
import { UnknownClusterError } from './run-errors.ts';
import { conditionWords, runNamed } from './run-words.ts';

export type RunToPlan = Pick<Run, 'id' | 'runbook' | 'cluster' | 'target' | 'inputs' | 'accepted'>;
type Outputs = Record<string, JsonObject>;

/** Works out what a run would do, by reading only. Stops at a step that is blocked beyond any exception. */
export async function makePlan(environment: PlanEnvironment, run: RunToPlan): Promise<Plan> {
  const runbook = environment.catalogue.get(run.runbook);
  const steps: PlannedStep[] = [];
  const outputs: Outputs = {};
  for (const step of runbook.steps) {
    const earlier = steps.flatMap((planned) => planned.effects);
    const planned = await planStep(environment, run, { step, outputs, earlier });
    steps.push(planned);
    outputs[step.id] = planned.outputs;
    if (planned.blockers.some((blocker) => blocker.exception === undefined)) break;
  }
  return assemble(runbook, run, { steps, madeAt: environment.clock.now() });
}

/** Plans one step; what earlier steps gave and will change is handed in. */
export async function planStep(
  environment: PlanEnvironment,
  run: RunToPlan,
  at: { step: RunbookStep; outputs: Outputs; earlier: readonly Effect[] },
): Promise<PlannedStep> {
  const { step } = at;
  const action = actionOf(environment, step);
  const cluster = clusterOf(environment, run.cluster);
  const scope = scopeOf(run, cluster, at.outputs);
  const named = { id: step.id, title: step.title, uses: step.uses, risk: action.risk };
  if (step.if !== undefined && !evaluateCondition(step, scope)) {
    return { ...named, ...skipped(conditionWords(step.if)) };
  }
  const context: PlanContext = {
    cluster: cluster.client,
    clusterSettings: cluster.facts,
    providers: environment.providers,
    clock: environment.clock,
    accepted: new Set(run.accepted),
    earlier: at.earlier,
  };
  const input = action.input.parse(evaluateWith(step, scope));
  return { ...named, ...(await action.plan(context, input)) };
}

export function scopeOf(run: RunToPlan, cluster: KnownCluster, outputs: Outputs): ExpressionScope {
  return {
    inputs: run.inputs,
    steps: Object.fromEntries(
      Object.entries(outputs).map(([id, values]) => [id, { outputs: values }]),
    ),
    cluster: { name: cluster.facts.name, region: cluster.facts.region },
    run: { id: run.id },
  };
}

export function actionOf(environment: PlanEnvironment, step: RunbookStep): Action {
  const action = environment.actions.get(step.uses);
  if (action === undefined)
    throw new Error(`no action is named ${step.uses}; the loader should have refused it`);
  return action;
}

/** @throws UnknownClusterError (`cluster_unknown`) */
export function clusterOf(environment: PlanEnvironment, name: string): KnownCluster {
  const cluster = environment.clusters.get(name);
  if (cluster === undefined) throw new UnknownClusterError(name, [...environment.clusters.keys()]);
  return cluster;
}

function skipped(why: Text): StepPlan {
  return {
    summary: say('skipped: {why}', { why }),
    effects: [],
    findings: [],
    warnings: [],
    blockers: [],
    tiles: [],
    skip: why,
    outputs: {},
  };
}

/** The plan with one step planned anew, as before a destructive step is carried out. */
export function withStep(
  plan: Plan,
  runbook: Runbook,
  { run, step }: { run: RunToPlan; step: PlannedStep },
): Plan {
  const steps = plan.steps.map((planned) => (planned.id === step.id ? step : planned));
  return assemble(runbook, run, { steps, madeAt: plan.madeAt });
}

function assemble(
  runbook: Runbook,
  run: RunToPlan,
  { steps, madeAt }: { steps: readonly PlannedStep[]; madeAt: number },
): Plan {
  const effects = planEffects({ steps });
  return {
    headline: headline(runbook, run, steps),
    steps,
    risk: riskOf(effects),
    digest: effectsDigest(effects),
    warnings: steps.flatMap((step) => step.warnings),
    blockers: steps.flatMap((step) => step.blockers),
    tiles: worstTiles(steps),
    madeAt,
  };
}

export function planEffects(plan: Pick<Plan, 'steps'>): Effect[] {
  return plan.steps.flatMap((step) => step.effects);
}

function riskOf(effects: readonly Effect[]): Risk {
  if (effects.some((effect) => effect.risk === 'destructive')) return 'destructive';
  return effects.length > 0 ? 'reversible' : 'read';
}

function headline(runbook: Runbook, run: RunToPlan, steps: readonly PlannedStep[]): Text {
  const doing = steps.filter((step) => step.effects.length > 0).map((step) => step.summary);
  const named = runNamed({ ...run, runbookTitle: runbook.title });
  return doing.length > 0
    ? say('{run}: {what}', { run: named, what: clauses(doing) })
    : say('{run}: nothing to change', { run: named });
}

/** A tile touched by several steps is shown as the step that leaves it with the fewest. */
function worstTiles(steps: readonly PlannedStep[]): ServiceTile[] {
  const worst = new Map<string, ServiceTile>();
  for (const tile of steps.flatMap((step) => step.tiles)) {
    const known = worst.get(tile.name);
    if (known === undefined || tile.readyWhile < known.readyWhile) worst.set(tile.name, tile);
  }
  return [...worst.values()];
}
