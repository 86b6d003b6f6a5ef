import type { Problem, YamlFile, YamlPath } from '../yaml-file.ts';
import type { ExpressionChecker } from './check-expression.ts';
import type { RunbookStep } from './runbook.ts';
import {
  parseTemplate,
  type TemplatePart,
  UnclosedExpression,
  wholeExpression,
} from './template.ts';

/** Types that no action input can be: everything else becomes JSON. */
const UNUSABLE = new Set(['bytes', 'type']);

/** Every expression in the texts of a value, however deep. */
export function checkTemplates(
  yaml: YamlFile,
  { path, value }: { path: YamlPath; value: unknown },
  check: ExpressionChecker,
): Problem[] {
  if (typeof value === 'string') return checkText(yaml, { path, text: value }, check);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, entry]) => {
    const part = Array.isArray(value) ? Number(key) : key;
    return checkTemplates(yaml, { path: [...path, part], value: entry }, check);
  });
}

function checkText(
  yaml: YamlFile,
  { path, text }: { path: YamlPath; text: string },
  check: ExpressionChecker,
): Problem[] {
  const parts = partsOf(yaml, { path, text });
  if ('problem' in parts) return [parts.problem];
  return parts.parts.flatMap((part) =>
    part.kind === 'text' ? [] : expressionProblems(yaml, { path, part }, check),
  );
}

function expressionProblems(
  yaml: YamlFile,
  { path, part }: { path: YamlPath; part: Extract<TemplatePart, { kind: 'expression' }> },
  check: ExpressionChecker,
): Problem[] {
  const checked = check(part.source);
  if (!checked.ok) {
    return checked.faults.map(({ offset, message }) =>
      yaml.problem(path, message, { offset: part.offset + offset }),
    );
  }
  if (!UNUSABLE.has(checked.type)) return [];
  const message = `a value of type ${checked.type} cannot be handed to an action`;
  return [yaml.problem(path, message, { offset: part.offset })];
}

/** `if:` with or without `${{ }}` around it. */
export function checkCondition(
  yaml: YamlFile,
  { path, written }: { path: YamlPath; written: string | boolean | undefined },
  check: ExpressionChecker,
): { parsed: Pick<RunbookStep, 'if'>; problems: Problem[] } {
  if (written === undefined) return { parsed: {}, problems: [] };
  if (typeof written === 'boolean') return { parsed: { if: String(written) }, problems: [] };
  const parts = partsOf(yaml, { path, text: written });
  if ('problem' in parts) return { parsed: {}, problems: [parts.problem] };
  const { source, offset } = condition(written, parts.parts);
  const checked = check(source);
  const problems = checked.ok
    ? []
    : checked.faults.map((fault) =>
        yaml.problem(path, fault.message, { offset: offset + fault.offset }),
      );
  if (checked.ok && checked.type !== 'bool' && checked.type !== 'dyn') {
    problems.push(
      yaml.problem(path, `must be true or false, and is of type ${checked.type}`, { offset }),
    );
  }
  return { parsed: { if: source.trim() }, problems };
}

function condition(
  written: string,
  parts: readonly TemplatePart[],
): { source: string; offset: number } {
  const whole = wholeExpression(parts);
  const found = parts.find((part) => part.kind === 'expression');
  if (whole === undefined || found === undefined) return { source: written, offset: 0 };
  return { source: whole, offset: found.offset };
}

function partsOf(
  yaml: YamlFile,
  { path, text }: { path: YamlPath; text: string },
): { parts: TemplatePart[] } | { problem: Problem } {
  try {
    return { parts: parseTemplate(text) };
  } catch (error) {
    if (!(error instanceof UnclosedExpression)) throw error;
    return { problem: yaml.problem(path, error.message, { offset: error.offset }) };
  }
}
