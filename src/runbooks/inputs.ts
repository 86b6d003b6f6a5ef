import { didYouMean } from '../did-you-mean.ts';
import { RunbookError } from '../errors.ts';
import type { Json, JsonObject } from '../json.ts';
import { cleanText, shownText } from './clean-text.ts';
import { INPUT_TYPE_RULES } from './input-types.ts';
import type { InputDefinition, Runbook } from './runbook.ts';

export interface InputProblem {
  /** As written where it is unknown. */
  readonly input: string;
  readonly message: string;
}

/** Everything that is wrong with the inputs of a request at once. */
export class InputError extends RunbookError {
  readonly problems: readonly InputProblem[];

  constructor(runbook: string, problems: readonly InputProblem[]) {
    const lines = problems.map(({ message }) => message);
    super('input_invalid', lines.join('\n'), { data: { runbook, problems } });
    this.problems = problems;
  }
}

/**
 * Checks what was typed against what the runbook asks for. Optional inputs that were not given are absent.
 * Names are taken without regard to case, `-` and `_`, as they are typed on a phone.
 * @throws InputError (`input_invalid`)
 */
export function resolveInputs(runbook: Runbook, raw: Readonly<Record<string, string>>): JsonObject {
  const problems: InputProblem[] = [];
  const given = new Map<string, string>();
  for (const [key, text] of Object.entries(raw)) {
    const input = findInput(runbook, key);
    if (input === undefined) problems.push({ input: key, message: unknownInput(runbook, key) });
    else given.set(input.name, cleanText(text));
  }
  const values: Record<string, Json> = {};
  for (const input of runbook.inputs) {
    const read = readInput(runbook, input, given.get(input.name));
    if (read.problem !== undefined) problems.push({ input: input.name, message: read.problem });
    else if (read.value !== undefined) values[input.name] = read.value;
  }
  if (problems.length > 0) throw new InputError(runbook.name, problems);
  return values;
}

export function findInput(runbook: Runbook, key: string): InputDefinition | undefined {
  const wanted = plainName(key);
  return runbook.inputs.find(({ name }) => plainName(name) === wanted);
}

/** Two inputs must not differ in case, `-` and `_` alone. */
export function plainName(name: string): string {
  return name.toLowerCase().replace(/[-_]/g, '');
}

export function unknownInput(runbook: Runbook, key: string): string {
  const names = runbook.inputs.map(({ name }) => name);
  return `\`${runbook.name}\` has no input \`${shownText(key)}\`${didYouMean(key, names)}`;
}

function readInput(
  runbook: Runbook,
  input: InputDefinition,
  text: string | undefined,
): { value?: Json | undefined; problem?: string } {
  if (text === undefined || text === '') {
    if (input.default !== undefined) return { value: input.default };
    return input.required ? { problem: missing(runbook, input) } : {};
  }
  const value = INPUT_TYPE_RULES[input.type].read(text, input);
  return value === undefined ? { problem: wrongValue(input, text) } : { value };
}

/** Why a text is no value of this input, with an example of one that is. */
export function wrongValue(
  input: Pick<InputDefinition, 'name' | 'type' | 'choices'>,
  text: string,
) {
  const { expected, example } = INPUT_TYPE_RULES[input.type];
  const shown = shownText(text, 80);
  if (input.type !== 'choice') {
    return `\`${input.name}\`: \`${shown}\` is not ${expected}, such as ${example}`;
  }
  const choices = input.choices.join(', ');
  return `\`${input.name}\`: \`${shown}\` is not one of ${choices}${near(text, input.choices)}`;
}

function near(text: string, choices: readonly string[]): string {
  const hint = didYouMean(text, choices);
  return hint.includes('did you mean') ? hint : '';
}

function missing(runbook: Runbook, input: InputDefinition): string {
  const { expected, example } = INPUT_TYPE_RULES[input.type];
  const value = input.type === 'choice' ? (input.choices[0] ?? '') : example;
  const how = input.name === runbook.target ? `${runbook.name} ${value}` : `${input.name}=${value}`;
  return `\`${input.name}\` is missing: ${expected}; give it as \`${how}\``;
}

/** What a run acts on, such as `node/kr-b-2`: the key of its lock and of its history. */
export function targetOf(runbook: Runbook, inputs: JsonObject): string {
  const value = String(inputs[runbook.target] ?? '');
  const type = runbook.inputs.find(({ name }) => name === runbook.target)?.type;
  if (type === 'workload' && value.split('/').length === 3) return value;
  const isNamed =
    type === 'node' || type === 'namespace' || type === 'image' || type === 'workload';
  return `${isNamed ? type : runbook.target}/${value}`;
}
