import { statSync } from 'node:fs';
import { basename, extname } from 'node:path';
import type { Action } from '../actions/action.ts';
import { settingsProblems } from '../config.ts';
import { FileInvalidError, inReadingOrder, type Problem, YamlFile } from '../yaml-file.ts';
import { compileRunbook, runbookFiles } from './loader.ts';

/**
 * Every problem of these files: runbooks, settings files, or directories of runbooks. A file is taken for settings when
 * it has `clusters`, or is named like `handrail.yml`.
 */
export function validateFiles(
  paths: readonly string[],
  actions: ReadonlyMap<string, Action>,
): Problem[] {
  const problems = paths.flatMap((path) =>
    collected(() => {
      const files = isDirectory(path) ? runbookFiles(path) : [path];
      if (files.length === 0) return [noFiles(path)];
      return files.flatMap((file) => collected(() => fileProblems(file, actions)));
    }),
  );
  return inReadingOrder(problems);
}

function noFiles(directory: string): Problem {
  const message = 'there is no runbook in it: none of its files ends in .yml';
  return { file: directory, line: 1, column: 1, path: '', message };
}

function fileProblems(file: string, actions: ReadonlyMap<string, Action>): readonly Problem[] {
  const yaml = YamlFile.read(file);
  const isSettings = yaml.has('clusters') || /^handrail\b/.test(basename(file, extname(file)));
  return isSettings ? settingsProblems(yaml) : compileRunbook(yaml, actions).problems;
}

function collected(check: () => readonly Problem[]): readonly Problem[] {
  try {
    return check();
  } catch (error) {
    if (error instanceof FileInvalidError) return error.problems;
    throw error;
  }
}

function isDirectory(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    // what is wrong with it is said by who reads it
    return false;
  }
}
