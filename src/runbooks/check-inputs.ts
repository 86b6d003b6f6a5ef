import type { Json } from '../json.ts';
import { inEnglish } from '../language/translate.ts';
import type { Problem, YamlFile } from '../yaml-file.ts';
import { INPUT_TYPE_RULES } from './input-types.ts';
import { plainName, wrongValue } from './inputs.ts';
import type { InputDefinition } from './runbook.ts';
import type { InputFile, RunbookFile } from './runbook-schema.ts';

/** Words of the command's own, which no input may take. */
const RESERVED = new Set(['accept', 'cluster', 'dryrun']);

export interface CheckedInputs {
  readonly inputs: readonly InputDefinition[];
  readonly target: string;
  readonly problems: readonly Problem[];
}

export function checkInputs(yaml: YamlFile, file: RunbookFile): CheckedInputs {
  const problems: Problem[] = [];
  const inputs: InputDefinition[] = [];
  for (const [name, input] of Object.entries(file.inputs)) {
    problems.push(...nameProblems(yaml, name, Object.keys(file.inputs)));
    const { definition, problem } = define(name, input);
    inputs.push(definition);
    if (problem) problems.push(yaml.problem(['inputs', name, problem.key], problem.message));
  }
  const { target, problem } = findTarget(file, inputs);
  if (problem) problems.push(yaml.problem(problem.path, problem.message, 'key'));
  return { inputs, target, problems };
}

function nameProblems(yaml: YamlFile, name: string, names: readonly string[]): Problem[] {
  const problems: Problem[] = [];
  const path = ['inputs', name];
  if (RESERVED.has(plainName(name))) {
    const message = `\`${name}\` is a word of the /runbook command: choose another name`;
    problems.push(yaml.problem(path, message, 'key'));
  }
  const twin = names.find((other) => other !== name && plainName(other) === plainName(name));
  if (twin !== undefined && names.indexOf(twin) < names.indexOf(name)) {
    const message = `differs from \`${twin}\` in case, - and _ alone, which people need not type`;
    problems.push(yaml.problem(path, message, 'key'));
  }
  return problems;
}

interface KeyProblem {
  readonly key: string;
  readonly message: string;
}

function define(
  name: string,
  input: InputFile,
): { definition: InputDefinition; problem?: KeyProblem | undefined } {
  const choices = input.choices ?? [];
  const bare: InputDefinition = {
    name,
    type: input.type,
    title: input.title ?? asTitle(name),
    ...(input.description !== undefined && { description: input.description }),
    required: input.required ?? input.default === undefined,
    choices,
  };
  const problem = inputProblem(input);
  if (problem || input.default === undefined) return { definition: bare, problem };
  const text = String(input.default);
  const value: Json | undefined = INPUT_TYPE_RULES[input.type].read(text, { choices });
  if (value !== undefined) return { definition: { ...bare, default: value } };
  return {
    definition: bare,
    problem: { key: 'default', message: inEnglish(wrongValue(bare, text)) },
  };
}

function inputProblem(input: InputFile): KeyProblem | undefined {
  if (input.type === 'choice' && input.choices === undefined) {
    return { key: 'choices', message: 'missing: what can be chosen from' };
  }
  if (input.type !== 'choice' && input.choices !== undefined) {
    return { key: 'choices', message: 'only an input of type `choice` has choices' };
  }
  if (input.required === true && input.default !== undefined) {
    return { key: 'required', message: 'an input with a default is never missing: leave this out' };
  }
  return undefined;
}

function findTarget(
  file: RunbookFile,
  inputs: readonly InputDefinition[],
): { target: string; problem?: { path: string[]; message: string } } {
  const marked = Object.keys(file.inputs).filter((name) => file.inputs[name]?.target);
  const target = marked[0] ?? inputs[0]?.name ?? '';
  const path = ['inputs', target];
  if (inputs.length === 0) {
    return { target, problem: { path: ['inputs'], message: 'a run needs an input to act on' } };
  }
  if (marked.length > 1) {
    const message = `only one input can be the target, not ${marked.join(' and ')}`;
    return { target, problem: { path: ['inputs', marked[1] ?? target], message } };
  }
  if (inputs.find(({ name }) => name === target)?.required) return { target };
  return { target, problem: { path, message: 'the target of a run cannot be optional' } };
}

/** `maxParallel`, `max-parallel` → `Max parallel` */
export function asTitle(name: string): string {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/[-_]/g, ' ')
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
