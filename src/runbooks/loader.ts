import { readdirSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import type { Action } from '../actions/action.ts';
import { errorMessage } from '../errors.ts';
import { FileInvalidError, type Problem, YamlFile } from '../yaml-file.ts';
import { checkInputs } from './check-inputs.ts';
import { checkSteps } from './check-steps.ts';
import { type Runbook, RunbookCatalogue } from './runbook.ts';
import { RunbookFile } from './runbook-schema.ts';

type Actions = ReadonlyMap<string, Action>;

/** First words of the /runbook command, which would hide a runbook of that name. */
export const VERBS = ['list', 'status', 'cancel', 'history', 'audit', 'help'] as const;
const RESERVED = new Set<string>([...VERBS, 'freeze', 'unfreeze', 'plan', 'run', 'runs', 'show']);

/**
 * Loads `DIR/NAME.yml`, each checked against the actions that there are.
 * @throws FileInvalidError (`file_invalid`): all problems of all files
 */
export function loadRunbooks(dir: string, actions: Actions): RunbookCatalogue {
  const runbooks: Runbook[] = [];
  const problems: Problem[] = [];
  for (const file of runbookFiles(dir)) {
    const read = readRunbook(file, actions);
    problems.push(...read.problems);
    if (read.runbook) runbooks.push(read.runbook);
  }
  if (problems.length > 0) throw new FileInvalidError(problems);
  return new RunbookCatalogue(runbooks);
}

/** Paths of the YAML files in a directory, in order. @throws FileInvalidError where it cannot be read */
export function runbookFiles(dir: string): string[] {
  try {
    const files = readdirSync(dir).filter((file) => /^\.ya?ml$/.test(extname(file)));
    return files.toSorted().map((file) => join(dir, file));
  } catch (cause) {
    const message = `cannot be read: ${errorMessage(cause)}`;
    throw new FileInvalidError([{ file: dir, line: 1, column: 1, path: '', message }], { cause });
  }
}

/** One file; `runbook` only where there are no problems. */
export function readRunbook(
  file: string,
  actions: Actions,
): { runbook?: Runbook; problems: readonly Problem[] } {
  try {
    return compileRunbook(YamlFile.read(file), actions);
  } catch (error) {
    if (error instanceof FileInvalidError) return { problems: error.problems };
    throw error;
  }
}

/** @throws FileInvalidError for aliases beyond all measure */
export function compileRunbook(
  yaml: YamlFile,
  actions: Actions,
): { runbook?: Runbook; problems: readonly Problem[] } {
  const checked = yaml.check(RunbookFile);
  if ('problems' in checked) return checked;
  const { name, title, description, on } = checked.data;
  const { inputs, target, ...ofInputs } = checkInputs(yaml, checked.data);
  const { steps, ...ofSteps } = checkSteps(yaml, checked.data, { inputs, actions });
  const problems = [...nameProblems(yaml, name), ...ofInputs.problems, ...ofSteps.problems];
  if (problems.length > 0) return { problems };
  return { runbook: { name, title, description, inputs, target, steps, on }, problems };
}

function nameProblems(yaml: YamlFile, name: string): Problem[] {
  if (RESERVED.has(name)) {
    return [yaml.problem(['name'], `\`${name}\` is a word of the /runbook command`)];
  }
  const file = basename(yaml.file);
  if (file === `${name}.yml`) return [];
  const message = `a runbook of this name belongs in \`${name}.yml\`, not in ${file}`;
  return [yaml.problem(['name'], message)];
}
