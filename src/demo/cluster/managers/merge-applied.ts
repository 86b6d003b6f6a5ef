import { isRecord } from '../model/objects.ts';
import { isSet, isWhole, keysOf } from './field-lists.ts';
import { itemStep, type Path } from './fields.ts';

type Json = Record<string, unknown>;

/** The live object with what is applied laid over it; lists with keys are merged item by item. */
export function mergeApplied(live: Json, applied: Json, custom: boolean): Json {
  const result: Json = { ...live };
  for (const [name, value] of Object.entries(applied)) {
    if (value === null) delete result[name];
    else result[name] = mergedField(name, { live: live[name], applied: value, custom });
  }
  return result;
}

function mergedField(
  name: string,
  field: { readonly live: unknown; readonly applied: unknown; readonly custom: boolean },
): unknown {
  const { live, applied, custom } = field;
  if (isRecord(applied) && (custom || !isWhole(name))) {
    return mergeApplied(isRecord(live) ? live : {}, applied, custom);
  }
  if (!Array.isArray(applied) || custom) return structuredClone(applied);
  const before = Array.isArray(live) ? live : [];
  if (isSet(name)) return [...new Set([...before, ...applied])];
  const keys = keysOf(name, [...before, ...applied].filter(isRecord));
  return keys === undefined ? structuredClone(applied) : mergedItems(before, applied, keys);
}

function mergedItems(
  before: readonly unknown[],
  applied: readonly unknown[],
  keys: readonly string[],
): unknown[] {
  const result = [...before];
  for (const item of applied.filter(isRecord)) {
    const step = itemStep(item, keys);
    const at = result.findIndex((each) => isRecord(each) && itemStep(each, keys) === step);
    const old = result[at];
    if (at === -1) result.push(structuredClone(item));
    else result[at] = mergeApplied(isRecord(old) ? old : {}, item, false);
  }
  return result;
}

/** The value without the field at this path. */
export function withoutField(value: unknown, path: Path): unknown {
  const [step = '', ...rest] = path;
  if (step.startsWith('f:') && isRecord(value)) {
    const name = step.slice(2);
    const { [name]: inner, ...others } = value;
    if (inner === undefined || rest.length === 0) return others;
    return { ...value, [name]: withoutField(inner, rest) };
  }
  if (!Array.isArray(value)) return value;
  const matches = matcher(step);
  if (rest.length === 0) return value.filter((each) => !matches(each));
  return value.map((each) => (matches(each) ? withoutField(each, rest) : each));
}

function matcher(step: string): (item: unknown) => boolean {
  const wanted: unknown = JSON.parse(step.slice(2));
  if (step.startsWith('v:')) return (item) => item === wanted;
  if (!isRecord(wanted)) return () => false;
  return (item) => isRecord(item) && itemStep(item, Object.keys(wanted)) === step;
}
