import { Environment, type ParseError } from '@marcbachmann/cel-js';
import { didYouMean } from '../did-you-mean.ts';
import { errorMessage } from '../errors.ts';
import { type ExpressionFault, type KnownNames, nameFaults } from './expression-names.ts';
import type { InputDefinition } from './runbook.ts';

/** What stands before a step: all that its expressions may name. */
export interface StepSurroundings {
  readonly inputs: readonly Pick<InputDefinition, 'name' | 'type' | 'required' | 'default'>[];
  /** Output names by earlier step; undefined where its action, and so what it gives, is not known. */
  readonly outputs: Readonly<Record<string, readonly string[] | undefined>>;
  readonly laterSteps: readonly string[];
}

type CheckedExpression =
  | { readonly ok: true; readonly type: string }
  | { readonly ok: false; readonly faults: readonly ExpressionFault[] };

/** What the library's parse and type errors have in common. */
type CelError = Pick<ParseError, 'code' | 'summary' | 'range'>;

export type ExpressionChecker = (source: string) => CheckedExpression;

/** Checks expressions when a runbook is loaded: names, functions and types. */
export function expressionChecker(surroundings: StepSurroundings): ExpressionChecker {
  const environment = typedEnvironment(surroundings);
  const names = knownNames(surroundings);
  return (source) => {
    if (source.trim() === '') return failed({ offset: 0, message: 'the expression is empty' });
    try {
      const parsed = environment.parse(source);
      const faults = nameFaults(parsed.ast, names);
      if (faults.length > 0) return failed(...faults);
      const { valid, type, error } = parsed.check();
      if (valid) return { ok: true, type: type ?? 'dyn' };
      return failed(celFault(error, environment, names));
    } catch (error) {
      return failed(celFault(error, environment, names));
    }
  };
}

function failed(...faults: ExpressionFault[]): CheckedExpression {
  return { ok: false, faults };
}

/** An input that may be absent is `dyn`, because it is null then. */
function typedEnvironment({ inputs, outputs }: StepSurroundings): Environment {
  const inputTypes = inputs.map((input) => [input.name, inputType(input)]);
  const steps = Object.entries(outputs).map(([id, names]) => [
    id,
    { outputs: names ? Object.fromEntries(names.map((name) => [name, 'dyn'])) : 'dyn' },
  ]);
  const environment = new Environment()
    .registerVariable({ name: 'inputs', schema: Object.fromEntries(inputTypes) })
    .registerVariable({ name: 'cluster', schema: { name: 'string', region: 'string' } })
    .registerVariable({ name: 'run', schema: { id: 'string' } });
  if (steps.length === 0) return environment.registerVariable('steps', 'map');
  return environment.registerVariable({ name: 'steps', schema: Object.fromEntries(steps) });
}

function inputType(input: StepSurroundings['inputs'][number]): string {
  if (!input.required && input.default === undefined) return 'dyn';
  return input.type === 'boolean' ? 'bool' : 'string';
}

function knownNames({ inputs, outputs, laterSteps }: StepSurroundings): KnownNames {
  const steps = Object.entries(outputs).map(([id, names]) => [
    id,
    { outputs: names ? leaves(names) : ('value' as const) },
  ]);
  return {
    tree: {
      inputs: leaves(inputs.map(({ name }) => name)),
      steps: Object.fromEntries(steps),
      cluster: leaves(['name', 'region']),
      run: leaves(['id']),
    },
    laterSteps,
  };
}

function leaves(names: readonly string[]): Record<string, 'value'> {
  return Object.fromEntries(names.map((name) => [name, 'value']));
}

/** An error of the CEL library in words that help. */
function celFault(error: unknown, environment: Environment, names: KnownNames): ExpressionFault {
  if (!isCelError(error)) return { offset: 0, message: errorMessage(error) };
  const offset = error.range?.start ?? 0;
  return { offset, message: explained(error, environment, names) };
}

function isCelError(error: unknown): error is Error & CelError {
  return error instanceof Error && 'summary' in error && 'range' in error;
}

function explained(
  { code, summary }: CelError,
  environment: Environment,
  { tree }: KnownNames,
): string {
  const [, unknown = ''] = /^Unknown variable: (\w+)/.exec(summary) ?? [];
  if (unknown !== '') {
    const { inputs = {} } = tree;
    if (typeof inputs === 'object' && Object.hasOwn(inputs, unknown))
      return `\`${unknown}\` is an input: write \`inputs.${unknown}\``;
    return `there is no \`${unknown}\`${didYouMean(unknown, Object.keys(tree))}`;
  }
  if (code !== 'no_matching_overload') return inOurWords(summary);
  const [, called = ''] = /'(?:.*\.)?(\w+)\(/.exec(summary) ?? [];
  const functions = new Set(environment.getDefinitions().functions.map(({ name }) => name));
  if (functions.has(called)) return `\`${called}\` does not take these types: ${summary}`;
  return `there is no function \`${called}\`${suggestion(called, functions)}`;
}

function inOurWords(summary: string): string {
  if (summary === 'Unexpected token: EOF') return 'something is missing where it ends';
  return summary.replace('no such overload: ', 'these types do not go together: ');
}

/** All functions would be too many to list. */
function suggestion(written: string, functions: Iterable<string>): string {
  const text = didYouMean(written, functions);
  return text.includes('did you mean') ? text : '';
}
