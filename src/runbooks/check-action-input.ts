import { z } from 'zod';
import type { Action } from '../actions/action.ts';
import { didYouMean } from '../did-you-mean.ts';
import type { JsonObject } from '../json.ts';
import { type IssueProblem, issueError, issueProblems } from '../yaml-issues.ts';
import { hasExpression } from './template.ts';

/** What is wrong with a step's `with`, as far as it can be seen before its expressions have values. */
export function checkActionInput(action: Action, given: JsonObject): IssueProblem[] {
  const known = inputKeys(action.input);
  const unknown = known ? Object.keys(given).filter((key) => !known.includes(key)) : [];
  const problems: IssueProblem[] = unknown.map((key) => ({
    path: [key],
    spot: 'key',
    message: `\`${action.name}\` has no input \`${key}\`${didYouMean(key, known ?? [])}`,
  }));
  const result = action.input.safeParse(given, { error: issueError });
  if (result.success) return problems;
  const isOpen = (key: PropertyKey | undefined) =>
    key !== undefined && (hasExpression(given[String(key)]) || unknown.includes(String(key)));
  return [
    ...problems,
    ...result.error.issues.flatMap(issueProblems).filter(({ path }) => !isOpen(path[0])),
  ];
}

function inputKeys(schema: unknown): string[] | undefined {
  if (schema instanceof z.ZodPipe) return inputKeys(schema.in);
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : undefined;
}
