import { say } from '../language/text.ts';
import { agreedPlan, wasAsked } from './agreement.ts';
import { askPeople, goOnNarrower, type PlanningScene } from './ask-people.ts';
import { compareEffects } from './effects.ts';
import type { Next } from './phases.ts';
import { planStep, withStep } from './plan-run.ts';
import type { Plan, PlannedStep, Run } from './run.ts';
import type { RunEnvironment } from './run-environment.ts';
import { StepGoneError } from './run-errors.ts';
import { saveFailure, savePlan, setStatus } from './run-store.ts';
import { blockedWhy } from './run-words.ts';
import { stepOutputs } from './step-outputs.ts';

/** Plans a destructive step anew just before it: the approval stands for what it covers, and is asked for again beyond. */
export async function checkStep(
  environment: RunEnvironment,
  run: Run,
  { stepId, gate }: { stepId: string; gate: number },
): Promise<Next> {
  const planned = run.plan?.steps.find(({ id }) => id === stepId);
  if (run.plan === undefined || planned === undefined) return { next: 'go' };
  if (planned.risk !== 'destructive' || planned.skip !== undefined) return goOn(environment, run);
  const now = await planAnew(environment, run, { plan: run.plan, planned });
  const { plan } = run;
  return environment.database.transaction((tx) =>
    compare({ environment, tx, run, gate }, { plan, planned, now }),
  );
}

async function planAnew(
  environment: RunEnvironment,
  run: Run,
  { plan, planned }: { plan: Plan; planned: PlannedStep },
): Promise<PlannedStep> {
  const step = environment.catalogue.get(run.runbook).steps.find(({ id }) => id === planned.id);
  if (step === undefined) throw new StepGoneError(run.runbook, planned.id);
  const before = plan.steps.slice(0, plan.steps.indexOf(planned));
  const outputs = await stepOutputs(environment.database, run.id, before);
  return planStep(environment, run, {
    step,
    outputs,
    earlier: before.flatMap((one) => one.effects),
  });
}

async function compare(
  scene: PlanningScene,
  { plan, planned, now }: { plan: Plan; planned: PlannedStep; now: PlannedStep },
): Promise<Next> {
  const { environment, tx, run } = scene;
  if (await wasAsked(tx, scene)) return { next: 'ask' };
  if (now.blockers.length > 0) {
    const reasons = blockedWhy(now.blockers);
    await saveFailure(tx, run.id, {
      code: 'plan_blocked',
      message: say('The approved plan can no longer be carried out: {reasons}', { reasons }),
    });
    return { next: 'end', end: 'failed' };
  }
  const agreed = agreedPlan(environment, run) === undefined ? [] : planned.effects;
  const difference = compareEffects(agreed, now.effects);
  if (difference.added.length === 0) return goOnNarrower(scene, difference);
  const changed = withStep(plan, environment.catalogue.get(run.runbook), { run, step: now });
  await savePlan(tx, run.id, changed);
  return askPeople(scene, { plan: changed, difference });
}

async function goOn({ database }: RunEnvironment, run: Run): Promise<Next> {
  if (run.status !== 'running') {
    await database.transaction((tx) => setStatus(tx, run.id, 'running'));
  }
  return { next: 'go' };
}
