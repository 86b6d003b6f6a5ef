import { nearest, suggestion } from '../did-you-mean.ts';
import { RunbookError } from '../errors.ts';
import type { Json, JsonObject } from '../json.ts';
import { lines, say, sentences, type Text } from '../language/text.ts';
import { inEnglish, translated } from '../language/translate.ts';
import { cleanText, shownText } from './clean-text.ts';
import { INPUT_TYPE_RULES } from './input-types.ts';
import type { InputDefinition, Runbook } from './runbook.ts';

export interface InputProblem {
  /** As written where it is unknown. */
  readonly input: string;
  readonly message: Text;
}

/** Everything that is wrong with the inputs of a request at once. */
export class InputError extends RunbookError {
  readonly problems: readonly InputProblem[];

  constructor(runbook: string, problems: readonly InputProblem[]) {
    super('input_invalid', lines(problems.map(({ message }) => message)), {
      data: { runbook, problems: translated(problems, inEnglish) },
    });
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

export function unknownInput(runbook: Runbook, key: string): Text {
  const names = runbook.inputs.map(({ name }) => name);
  return sentences([
    say('`{runbook}` has no input `{input}`.', { runbook: runbook.name, input: shownText(key) }),
    suggestion(key, names),
  ]);
}

function readInput(
  runbook: Runbook,
  input: InputDefinition,
  text: string | undefined,
): { value?: Json | undefined; problem?: Text } {
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
): Text {
  const { expected, example } = INPUT_TYPE_RULES[input.type];
  const written = { input: input.name, value: shownText(text, 80) };
  if (input.type !== 'choice') {
    return say('`{input}`: `{value}` is not {expected}, such as {example}', {
      ...written,
      expected,
      example,
    });
  }
  const { choices } = input;
  const near = nearest(text, choices);
  if (near === undefined) {
    return say('`{input}`: `{value}` is not one of {choices}', { ...written, choices });
  }
  const choice = { ...written, choices, near };
  return say('`{input}`: `{value}` is not one of {choices}; did you mean `{near}`?', choice);
}

function missing(runbook: Runbook, input: InputDefinition): Text {
  const { expected, example } = INPUT_TYPE_RULES[input.type];
  const value = input.type === 'choice' ? (input.choices[0] ?? '') : example;
  const how = input.name === runbook.target ? `${runbook.name} ${value}` : `${input.name}=${value}`;
  return say('`{input}` is missing: {expected}; give it as `{how}`', {
    input: input.name,
    expected,
    how,
  });
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
