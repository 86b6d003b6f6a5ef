import { isDeepStrictEqual } from 'node:util';
import { isRecord } from '../model/objects.ts';
import { isSet, isWhole, keysOf } from './field-lists.ts';

/** Steps as FieldsV1 writes them: `f:spec`, `k:{"name":"main"}`, `v:"x"`. */
export type Path = readonly string[];

export interface Field {
  readonly path: Path;
  readonly value: unknown;
  /** It has no fields below it. */
  readonly leaf: boolean;
  /** One of a list whose items are told apart by keys. */
  readonly item: boolean;
}

/** All fields of an object, by the text of their path. */
export type Fields = ReadonlyMap<string, Field>;

export function pathText(path: Path): string {
  return path.join('\u0000');
}

export function pathOf(text: string): Path {
  return text.split('\u0000');
}

/** What the server alone sets, and what tells one object from another: nobody's. */
const unmanaged = new Set(['apiVersion', 'kind']);
const unmanagedMetadata = new Set([
  'name',
  'generateName',
  'namespace',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'managedFields',
]);

/** `custom`: lists of custom kinds are taken whole, as their definitions name no keys. */
export function fieldsOf(object: Record<string, unknown>, custom: boolean): Fields {
  const fields = new Map<string, Field>();
  const collect = new Collector(fields, custom);
  for (const [name, value] of Object.entries(object)) {
    const isMetadata = name === 'metadata' && isRecord(value);
    const managed = isMetadata ? managedMetadata(value) : value;
    if (unmanaged.has(name) || (isMetadata && Object.keys(Object(managed)).length === 0)) continue;
    collect.field([`f:${name}`], name, managed);
  }
  return fields;
}

function managedMetadata(metadata: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(metadata).filter(([name]) => !unmanagedMetadata.has(name)),
  );
}

class Collector {
  readonly #fields: Map<string, Field>;
  readonly #custom: boolean;

  constructor(fields: Map<string, Field>, custom: boolean) {
    this.#fields = fields;
    this.#custom = custom;
  }

  field(path: Path, name: string, value: unknown): void {
    if (value === null || value === undefined) return;
    if (isRecord(value) && (this.#custom || !isWhole(name))) this.#record(path, value, false);
    else if (Array.isArray(value)) this.#list(path, name, value);
    else this.#add({ path, value, leaf: true, item: false });
  }

  #record(path: Path, value: Record<string, unknown>, item: boolean): void {
    const entries = Object.entries(value);
    this.#add({ path, value, leaf: entries.length === 0, item });
    for (const [name, each] of entries) this.field([...path, `f:${name}`], name, each);
  }

  #list(path: Path, name: string, value: readonly unknown[]): void {
    const items = value.filter(isRecord);
    const keys = this.#custom ? undefined : keysOf(name, items);
    if (isSet(name)) {
      for (const each of value) {
        const at = [...path, `v:${JSON.stringify(each)}`];
        this.#add({ path: at, value: each, leaf: true, item: true });
      }
    } else if (keys !== undefined && items.length === value.length) {
      this.#add({ path, value, leaf: value.length === 0, item: false });
      for (const item of items) this.#record([...path, itemStep(item, keys)], item, true);
    } else this.#add({ path, value, leaf: true, item: false });
  }

  #add(field: Field): void {
    this.#fields.set(pathText(field.path), field);
  }
}

export function itemStep(item: Record<string, unknown>, keys: readonly string[]): string {
  const present = keys.filter((key) => item[key] !== undefined);
  const pairs = present.map((key) => [key, item[key]]);
  // A port without a protocol is one of TCP.
  if (keys.includes('protocol') && !present.includes('protocol')) pairs.push(['protocol', 'TCP']);
  return `k:${JSON.stringify(Object.fromEntries(pairs))}`;
}

/** What is new or different in `after`. */
export function changedFields(before: Fields, after: Fields): Set<string> {
  const changed = new Set<string>();
  for (const [text, field] of after) {
    const old = before.get(text);
    if (old === undefined || (field.leaf && !isDeepStrictEqual(old.value, field.value))) {
      changed.add(text);
    }
  }
  return changed;
}

export function removedFields(before: Fields, after: Fields): Set<string> {
  return new Set([...before.keys()].filter((text) => !after.has(text)));
}

/** `.spec.containers[name="main"].image`, as conflicts name a field. */
export function printPath(path: Path): string {
  return path.map(printStep).join('');
}

function printStep(step: string): string {
  const rest = step.slice(2);
  if (step.startsWith('f:')) return `.${rest}`;
  if (step.startsWith('v:')) return `[=${rest}]`;
  const pairs = Object.entries(JSON.parse(rest) as Record<string, unknown>);
  return `[${pairs.map(([key, value]) => `${key}=${JSON.stringify(value)}`).join(',')}]`;
}
