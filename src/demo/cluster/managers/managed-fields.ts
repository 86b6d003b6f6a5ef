import { z } from 'zod';
import { isRecord, type KubeObject } from '../model/objects.ts';
import {
  changedFields,
  type Field,
  type Fields,
  fieldsOf,
  pathOf,
  pathText,
  removedFields,
} from './fields.ts';

/** Who writes, and through which subresource. */
export interface Writer {
  readonly manager: string;
  readonly subresource?: string | undefined;
}

const EntrySchema = z.looseObject({
  manager: z.string(),
  operation: z.enum(['Apply', 'Update']),
  apiVersion: z.string(),
  time: z.string().optional(),
  subresource: z.string().optional(),
  fieldsV1: z.record(z.string(), z.unknown()),
});

/** One line of `metadata.managedFields`. */
export interface Owner {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  readonly time?: string | undefined;
  readonly subresource?: string | undefined;
  readonly fields: ReadonlySet<string>;
}

export function ownersOf(object: KubeObject): Owner[] {
  const entries = z.array(EntrySchema).parse(object.metadata['managedFields'] ?? []);
  return entries.map(({ manager, operation, apiVersion, time, subresource, fieldsV1 }) => ({
    manager,
    operation,
    apiVersion,
    time,
    subresource,
    fields: new Set(textsOf(fieldsV1, [])),
  }));
}

function textsOf(tree: Record<string, unknown>, path: readonly string[]): string[] {
  const steps = Object.entries(tree);
  if (steps.length === 0) return [pathText(path)];
  return steps.flatMap(([step, below]) => {
    if (step === '.') return [pathText(path)];
    return textsOf(isRecord(below) ? below : {}, [...path, step]);
  });
}

/** As the API writes them: appliers first, then by time and name; who owns nothing any longer is left out. */
export function managedFieldsOf(owners: readonly Owner[]): unknown[] {
  return owners
    .filter(({ fields }) => fields.size > 0)
    .sort(
      (a, b) =>
        a.operation.localeCompare(b.operation) ||
        (a.time ?? '').localeCompare(b.time ?? '') ||
        a.manager.localeCompare(b.manager),
    )
    .map(({ fields, time, subresource, ...owner }) => ({
      ...owner,
      ...(time === undefined ? {} : { time }),
      fieldsType: 'FieldsV1',
      fieldsV1: treeOf(fields),
      ...(subresource === undefined ? {} : { subresource }),
    }));
}

type Tree = { [step: string]: Tree };

function treeOf(fields: ReadonlySet<string>): Tree {
  const root: Tree = {};
  for (const text of [...fields].sort()) {
    let tree = root;
    for (const step of pathOf(text)) {
      tree[step] ??= {};
      tree = tree[step];
    }
  }
  markOwned(root, [], fields);
  return root;
}

/** A field that is owned itself and has owned fields below it carries a dot. */
function markOwned(tree: Tree, path: readonly string[], fields: ReadonlySet<string>): void {
  const steps = Object.entries(tree);
  for (const [step, below] of steps) markOwned(below, [...path, step], fields);
  if (steps.length > 0 && fields.has(pathText(path))) tree['.'] = {};
}

/** Structures that are there before anybody has written them, in built-in kinds. */
const given = [
  ['f:metadata'],
  ['f:spec'],
  ['f:status'],
  ['f:spec', 'f:strategy'],
  ['f:spec', 'f:updateStrategy'],
  ['f:spec', 'f:containers'],
  ['f:spec', 'f:template'],
  ['f:spec', 'f:template', 'f:metadata'],
  ['f:spec', 'f:template', 'f:spec'],
  ['f:spec', 'f:template', 'f:spec', 'f:containers'],
];

function emptyFields(custom: boolean): Fields {
  const paths = custom ? [['f:metadata']] : given;
  const field = (path: readonly string[]): Field => ({ path, value: {}, leaf: false, item: false });
  return new Map(paths.map((path) => [pathText(path), field(path)]));
}

interface Written {
  readonly after: KubeObject;
  readonly custom: boolean;
  readonly time: string;
}

/** Who owns what after a creation: its writer owns all of it. */
export function ownersOfCreated({ after, custom, time }: Written, writer: Writer): Owner[] {
  const { status: _, ...written } = after;
  const fields = changedFields(emptyFields(custom), fieldsOf(written, custom));
  const { apiVersion } = after;
  return [{ ...writer, operation: 'Update', apiVersion, time, fields }];
}

/** Who owns what after an update: its writer owns what changed, and nobody owns what is gone. */
export function ownersOfUpdated(
  change: Written & { readonly before: KubeObject },
  writer: Writer,
): Owner[] {
  const { before, after, custom, time } = change;
  const old: Fields = new Map([...emptyFields(custom), ...fieldsOf(before, custom)]);
  const now = fieldsOf(after, custom);
  const changed = changedFields(old, now);
  const removed = removedFields(old, now);
  const owners = ownersOf(before);
  const own = owners.find((each) => isBy(each, writer));
  const { apiVersion } = after;
  const updated: Owner = {
    ...writer,
    operation: 'Update',
    apiVersion,
    time: changed.size > 0 ? time : own?.time,
    fields: new Set([...(own?.fields ?? []), ...changed].filter((text) => !removed.has(text))),
  };
  const others = owners
    .filter((each) => each !== own)
    .map((each) => ({ ...each, fields: without(each.fields, changed, removed) }));
  return [...others, updated];
}

function isBy(owner: Owner, writer: Writer): boolean {
  return (
    owner.operation === 'Update' &&
    owner.manager === writer.manager &&
    owner.subresource === writer.subresource
  );
}

export function without(
  fields: ReadonlySet<string>,
  ...taken: readonly ReadonlySet<string>[]
): Set<string> {
  return new Set([...fields].filter((text) => !taken.some((each) => each.has(text))));
}
