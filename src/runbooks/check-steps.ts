import type { Action } from '../actions/action.ts';
import { didYouMean } from '../did-you-mean.ts';
import type { JsonObject } from '../json.ts';
import type { Problem, YamlFile, YamlPath } from '../yaml-file.ts';
import { checkActionInput } from './check-action-input.ts';
import { expressionChecker } from './check-expression.ts';
import { asTitle } from './check-inputs.ts';
import { checkCondition, checkTemplates } from './check-templates.ts';
import type { InputDefinition, RunbookStep } from './runbook.ts';
import type { RunbookFile, StepFile } from './runbook-schema.ts';

type Actions = ReadonlyMap<string, Action>;

export interface CheckedSteps {
  readonly steps: readonly RunbookStep[];
  readonly problems: readonly Problem[];
}

/** Checks each step against its action and against what stands before it. */
export function checkSteps(
  yaml: YamlFile,
  file: RunbookFile,
  { inputs, actions }: { inputs: readonly InputDefinition[]; actions: Actions },
): CheckedSteps {
  const steps: RunbookStep[] = [];
  const problems: Problem[] = [];
  const outputs: Record<string, readonly string[] | undefined> = {};
  for (const [index, step] of file.steps.entries()) {
    const path = ['steps', index];
    const action = actions.get(step.uses);
    const laterSteps = file.steps.slice(index).map(({ id }) => id);
    const check = expressionChecker({ inputs, outputs, laterSteps });
    const inScope = { inputs: inputs.map(({ name }) => name), outputs: known(outputs) };
    const condition = checkCondition(yaml, { path: [...path, 'if'], written: step.if }, check);
    problems.push(
      ...idProblems(yaml, path, { id: step.id, earlier: outputs }),
      ...condition.problems,
      ...checkTemplates(yaml, { path: [...path, 'with'], value: step.with }, check),
      ...(action
        ? actionProblems(yaml, path, { step, action })
        : [yaml.problem([...path, 'uses'], unknownAction(step.uses, actions))]),
    );
    steps.push({ ...compile(step, action), inScope, ...condition.parsed });
    outputs[step.id] = action?.outputs;
  }
  return { steps, problems };
}

function known(
  outputs: Readonly<Record<string, readonly string[] | undefined>>,
): Record<string, readonly string[]> {
  return Object.fromEntries(Object.entries(outputs).map(([id, names]) => [id, names ?? []]));
}

function compile(step: StepFile, action: Action | undefined): Omit<RunbookStep, 'inScope'> {
  return {
    id: step.id,
    title: asTitle(step.id),
    uses: step.uses,
    with: step.with as JsonObject,
    approval: step.approval,
    undo: step.undo ?? action?.undo !== undefined,
    timeoutMs: step.timeout,
    retry: { attempts: step.retry.attempts, backoffMs: step.retry.backoff },
  };
}

function unknownAction(uses: string, actions: Actions): string {
  return `there is no action \`${uses}\`${didYouMean(uses, actions.keys())}`;
}

function idProblems(
  yaml: YamlFile,
  path: YamlPath,
  { id, earlier }: { id: string; earlier: object },
): Problem[] {
  if (!Object.hasOwn(earlier, id)) return [];
  return [yaml.problem([...path, 'id'], `there is already a step \`${id}\``)];
}

function actionProblems(
  yaml: YamlFile,
  path: YamlPath,
  { step, action }: { step: StepFile; action: Action },
): Problem[] {
  const problems = checkActionInput(action, step.with as JsonObject).map((found) =>
    yaml.problem([...path, 'with', ...found.path], found.message, found.spot),
  );
  if (step.approval === 'never' && action.risk === 'destructive') {
    const message = `\`${action.name}\` is destructive: its approval cannot be waived`;
    problems.push(yaml.problem([...path, 'approval'], message));
  }
  if (step.undo === true && action.undo === undefined) {
    const message = `\`${action.name}\` cannot be undone: leave this out`;
    problems.push(yaml.problem([...path, 'undo'], message));
  }
  return problems;
}
