import { RunbookError } from '../errors.ts';
import type { Json } from '../json.ts';
import { say } from '../language/text.ts';

class ValueUnsuitableError extends RunbookError {
  constructor(type: string) {
    super('value_unsuitable', say('a value of type {type} cannot be handed on', { type }));
  }
}

/** JSON as CEL counts it: whole numbers are `int` there, which JavaScript's numbers are not. */
export function jsonToCel(value: Json): unknown {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(jsonToCel);
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, jsonToCel(entry)]));
}

/** A CEL result as JSON: durations as `90s`, times as ISO 8601. @throws ValueUnsuitableError (`value_unsuitable`) for what JSON cannot hold */
export function celToJson(value: unknown): Json {
  switch (typeof value) {
    case 'bigint':
      return Number(value);
    case 'string':
    case 'boolean':
    case 'number':
      return value;
    case 'object':
      return value === null ? null : objectToJson(value);
    default:
      throw new ValueUnsuitableError(typeof value);
  }
}

function objectToJson(value: object): Json {
  if (Array.isArray(value)) return value.map(celToJson);
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Map) return Object.fromEntries([...value].map(entryToJson));
  if ('seconds' in value && 'nanos' in value) return durationText(value);
  if (isPlain(value)) return Object.fromEntries(Object.entries(value).map(entryToJson));
  return celToJson(unsigned(value));
}

function entryToJson([key, value]: [unknown, unknown]): [string, Json] {
  return [String(key), celToJson(value)];
}

function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function durationText(value: { readonly seconds: unknown; readonly nanos: unknown }): string {
  const ms = Number(value.seconds) * 1000 + Math.floor(Number(value.nanos) / 1_000_000);
  return ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`;
}

/** The library's own class for `uint`. */
function unsigned(value: object): bigint {
  const inner = value.valueOf();
  if (typeof inner === 'bigint') return inner;
  throw new ValueUnsuitableError(typeof inner);
}
