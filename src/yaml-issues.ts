import { z } from 'zod';
import { didYouMean } from './did-you-mean.ts';

/** One problem of a document, before it has a line. */
export interface IssueProblem {
  readonly path: readonly PropertyKey[];
  readonly spot: 'key' | 'value';
  readonly message: string;
}

const RAW = 'unknown key';

/** Zod's error map for our files: says what is expected in the words of somebody who writes YAML. */
export function issueError(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'unrecognized_keys': {
      const known = keysOf(issue.inst);
      // One message for all keys of an issue: issueProblems takes it apart again.
      return issue.keys
        .map((key) => `${RAW} \`${key}\`${secretHint(key) ?? didYouMean(key, known)}`)
        .join('\n');
    }
    case 'invalid_type':
      return issue.input === undefined
        ? `missing: ${expectation(issue)}`
        : `expected ${article(issue.expected)}, not ${kindOf(issue.input)}`;
    case 'invalid_value':
      if (issue.input === undefined) return `missing: expected ${oneOf(issue.values)}`;
      return typeof issue.input === 'string'
        ? `\`${issue.input}\` is not one of ${oneOf(issue.values)}${hint(issue.input, issue.values)}`
        : `expected ${oneOf(issue.values)}, not ${kindOf(issue.input)}`;
    case 'too_small':
    case 'too_big':
      return sizeMessage(issue);
    default:
      return undefined;
  }
}

/** Undefined where zod's own words do. */
function sizeMessage(
  issue: z.core.$ZodRawIssue<z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig>,
) {
  const isLeast = issue.code === 'too_small';
  const bound = isLeast ? `at least ${issue.minimum}` : `at most ${issue.maximum}`;
  switch (issue.origin) {
    case 'number':
    case 'int':
      return `expected ${bound}, not \`${String(issue.input)}\``;
    case 'string':
      return isLeast && issue.minimum === 1 ? 'must not be empty' : `${bound} characters`;
    case 'array':
      return isLeast && issue.minimum === 1 ? 'must not be empty' : `${bound} entries`;
    default:
      return undefined;
  }
}

/** Where people put a secret is where others will read it. */
function secretHint(key: string): string | undefined {
  if (!/token|secret|password|credential|api_?key/i.test(key)) return undefined;
  return ': secrets do not belong into this file but into the environment; see README.md for the names';
}

export function issueProblems(issue: z.core.$ZodIssue): IssueProblem[] {
  const { path, message } = issue;
  if (issue.code === 'unrecognized_keys') {
    const lines = message.split('\n');
    return issue.keys.map((key, index) => ({
      path: [...path, key],
      spot: 'key',
      message: lines[index] ?? `${RAW} \`${key}\``,
    }));
  }
  if (issue.code === 'invalid_key') {
    return [{ path, spot: 'key', message: issue.issues[0]?.message ?? message }];
  }
  return [{ path, spot: 'value', message }];
}

function keysOf(schema: unknown): string[] {
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

function expectation(issue: { expected: string; inst?: unknown }): string {
  const described =
    issue.inst instanceof z.ZodType ? z.globalRegistry.get(issue.inst)?.description : undefined;
  return described ?? `expected ${article(issue.expected)}`;
}

function hint(written: string, values: readonly unknown[]): string {
  const text = didYouMean(written, values.map(String));
  return text.startsWith('; did') ? text : '';
}

function oneOf(values: readonly unknown[]): string {
  return values.map((value) => `\`${String(value)}\``).join(', ');
}

const NAMES: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
  record: 'a mapping',
  null: 'nothing',
};

function article(type: string): string {
  return NAMES[type] ?? type;
}

function kindOf(value: unknown): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'string') return `the text \`${value}\``;
  return typeof value === 'object' ? 'a mapping' : `\`${String(value)}\``;
}
