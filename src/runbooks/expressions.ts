import { Environment } from '@marcbachmann/cel-js';
import { errorText, RunbookError } from '../errors.ts';
import type { Json, JsonObject } from '../json.ts';
import { say, type Text } from '../language/text.ts';
import { celToJson, jsonToCel } from './cel-values.ts';
import type { RunbookStep } from './runbook.ts';
import { parseTemplate, wholeExpression } from './template.ts';

/** What expressions may name. Outputs of steps that were skipped may be absent: they are null then. */
export interface ExpressionScope {
  readonly inputs: JsonObject;
  readonly steps: Readonly<Record<string, { readonly outputs: JsonObject }>>;
  readonly cluster: { readonly name: string; readonly region: string };
  readonly run: { readonly id: string };
}

/** An expression that was right when it was loaded, and has no value here. */
class ExpressionError extends RunbookError {
  constructor(
    { stepId, source }: { stepId: string; source: string },
    { why, cause }: { why: Text; cause?: unknown },
  ) {
    const text = say('step `{step}`: `{expression}` has no value: {why}', {
      step: stepId,
      expression: source.trim(),
      why,
    });
    super('expression_failed', text, { cause, data: { stepId, source } });
  }
}

type StepParts = Pick<RunbookStep, 'id' | 'with' | 'if' | 'inScope'>;

// Types are checked when a runbook is loaded, by check-expression.ts; here they are what they are.
const environment = new Environment({ unlistedVariablesAreDyn: true });

/**
 * The inputs of a step's action, with the expressions replaced by their values; keys whose expression is null are left
 * out, so that an optional input can be handed on.
 * @throws ExpressionError (`expression_failed`)
 */
export function evaluateWith(step: StepParts, scope: ExpressionScope): JsonObject {
  const context = contextOf(step, scope);
  return filledObject(step.with, (source) => evaluate(step.id, source, context));
}

/** Whether a step is to be done. @throws ExpressionError (`expression_failed`) */
export function evaluateCondition(step: StepParts, scope: ExpressionScope): boolean {
  if (step.if === undefined) return true;
  const value = evaluate(step.id, step.if, contextOf(step, scope));
  if (typeof value === 'boolean') return value;
  const why = say('it gives {value}, not true or false', { value: JSON.stringify(value) });
  throw new ExpressionError({ stepId: step.id, source: step.if }, { why });
}

function evaluate(stepId: string, source: string, context: Record<string, unknown>): Json {
  try {
    return celToJson(environment.evaluate(source, context));
  } catch (cause) {
    throw new ExpressionError({ stepId, source }, { why: reasonOf(cause), cause });
  }
}

/** CEL's own message has the source drawn under it; its summary has the words alone. */
function reasonOf(cause: unknown): Text {
  const isCel = cause instanceof Error && 'summary' in cause;
  return isCel ? String(cause.summary) : errorText(cause);
}

function contextOf(step: StepParts, scope: ExpressionScope): Record<string, unknown> {
  const { inputs, outputs } = step.inScope;
  const steps = Object.entries(outputs).map(([id, names]) => [
    id,
    { outputs: complete(names, scope.steps[id]?.outputs ?? {}) },
  ]);
  return {
    inputs: complete(inputs, scope.inputs),
    steps: Object.fromEntries(steps),
    cluster: { ...scope.cluster },
    run: { ...scope.run },
  };
}

function complete(names: readonly string[], values: JsonObject): Record<string, unknown> {
  return Object.fromEntries(names.map((name) => [name, jsonToCel(values[name] ?? null)]));
}

type Evaluate = (source: string) => Json;

function filledObject(value: JsonObject, evaluated: Evaluate): JsonObject {
  const result: Record<string, Json> = {};
  for (const [key, entry] of Object.entries(value)) {
    const now = filled(entry, evaluated);
    if (now !== null || entry === null) result[key] = now;
  }
  return result;
}

function filled(value: Json, evaluated: Evaluate): Json {
  if (typeof value === 'string') return filledText(value, evaluated);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item: Json) => filled(item, evaluated));
  return filledObject(value as JsonObject, evaluated);
}

function filledText(text: string, evaluated: Evaluate): Json {
  const parts = parseTemplate(text);
  const whole = wholeExpression(parts);
  if (whole !== undefined) return evaluated(whole);
  return parts
    .map((part) => (part.kind === 'text' ? part.text : asText(evaluated(part.source))))
    .join('');
}

function asText(value: Json): string {
  if (value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
