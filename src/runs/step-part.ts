import type { Text } from '../language/text.ts';
import { evaluateCondition, evaluateWith } from '../runbooks/expressions.ts';
import type { RunbookStep } from '../runbooks/runbook.ts';
import { clusterOf, scopeOf } from './plan-run.ts';
import type { PlannedStep, Run } from './run.ts';
import type { RunEnvironment } from './run-environment.ts';
import { StepGoneError } from './run-errors.ts';
import { conditionWords } from './run-words.ts';
import { stepOutputs } from './step-outputs.ts';

/** A step as the runbook has it, and as it was planned in this run. */
export interface StepPart {
  readonly step: RunbookStep;
  readonly planned: PlannedStep;
}

/** @throws UnknownRunbookError (`runbook_unknown`) and StepGoneError (`step_gone`) where it was changed since the plan was made */
export function partOf(environment: RunEnvironment, run: Run, stepId: string): StepPart {
  const step = environment.catalogue.get(run.runbook).steps.find(({ id }) => id === stepId);
  const planned = run.plan?.steps.find(({ id }) => id === stepId);
  if (step === undefined || planned === undefined) {
    throw new StepGoneError(run.runbook, stepId);
  }
  return { step, planned };
}

/** What its action gets, worked out from what earlier steps gave; or why it has nothing to do. */
export async function inputOf(
  environment: RunEnvironment,
  run: Run,
  { step, planned }: StepPart,
): Promise<{ value?: unknown; skip?: Text }> {
  const before = (run.plan?.steps ?? []).filter(({ id }) => id !== planned.id);
  const outputs = await stepOutputs(environment.database, run.id, before);
  const scope = scopeOf(run, clusterOf(environment, run.cluster), outputs);
  if (step.if !== undefined && !evaluateCondition(step, scope)) {
    return { skip: conditionWords(step.if) };
  }
  return { value: evaluateWith(step, scope) };
}
