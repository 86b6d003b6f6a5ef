import { isDeepStrictEqual } from 'node:util';
import type { Kind } from '../model/kinds.ts';
import { apiVersionOf } from '../model/kinds.ts';
import type { KubeObject, Manifest } from '../model/objects.ts';
import { ApiError, type Cause } from '../registry/api-error.ts';
import { changedFields, type Fields, fieldsOf, pathOf, printPath } from './fields.ts';
import { managedFieldsOf, type Owner, ownersOf, without } from './managed-fields.ts';
import { mergeApplied, withoutField } from './merge-applied.ts';

interface Application {
  readonly kind: Kind;
  /** What is there; for a new object, its bare beginning. */
  readonly live: KubeObject;
  readonly config: Manifest;
  readonly manager: string;
  readonly subresource?: string | undefined;
  /** Takes fields from who owns them. */
  readonly force: boolean;
  /** When it is applied. */
  readonly time: string;
}

/**
 * Server-side apply: the live object as the manager wants it, with its `metadata.managedFields`.
 * @throws ApiError 409 naming each field that would change and that another manager owns
 * @see https://kubernetes.io/docs/reference/using-api/server-side-apply/
 */
export function applied(application: Application): KubeObject {
  const { kind, live, config, manager, subresource, force } = application;
  const { custom } = kind;
  const wanted = ownable(fieldsOf(config, custom));
  const known = ownersOf(live);
  const owners = known.length > 0 ? known : ownersBefore(live, custom);
  const own = owners.find(
    (each) =>
      each.operation === 'Apply' && each.manager === manager && each.subresource === subresource,
  );
  const others = owners.filter((each) => each !== own);
  const dropped = without(own?.fields ?? new Set(), wanted, ...others.map(({ fields }) => fields));
  const metadata = mergeApplied(live.metadata, config.metadata, custom);
  const merged = mergeApplied(live, { ...config, metadata }, custom);
  const next = asObject(pruned(merged, dropped), live);
  const changed = changedFields(fieldsOf(live, custom), fieldsOf(next, custom));
  if (!force) refuseConflicts(others, changed);
  const time = isDeepStrictEqual(next, live) ? own?.time : application.time;
  const apiVersion = apiVersionOf(kind);
  const mine: Owner = {
    manager,
    operation: 'Apply',
    apiVersion,
    time,
    subresource,
    fields: wanted,
  };
  const left = others.map((each) => ({ ...each, fields: without(each.fields, changed) }));
  next.metadata = { ...next.metadata, managedFields: managedFieldsOf([mine, ...left]) };
  return next;
}

/** What an applier owns: what it names, and the items that hold it. */
function ownable(fields: Fields): Set<string> {
  const owned = [...fields].filter(([, field]) => field.leaf || field.item);
  return new Set(owned.map(([text]) => text));
}

/** Of an object that nobody has applied yet, all is owned by whoever wrote it before. */
function ownersBefore(live: KubeObject, custom: boolean): Owner[] {
  const fields = ownable(fieldsOf(live, custom));
  const { apiVersion, metadata } = live;
  const time = metadata.creationTimestamp;
  return [{ manager: 'before-first-apply', operation: 'Update', apiVersion, time, fields }];
}

/** An item goes before the fields in it: without its key it would not be found. */
function pruned(merged: Record<string, unknown>, dropped: ReadonlySet<string>): unknown {
  let result: unknown = merged;
  for (const text of [...dropped].sort()) result = withoutField(result, pathOf(text));
  return result;
}

/** Pruning takes away fields of a manager, never what makes an object one. */
function asObject(value: unknown, live: KubeObject): KubeObject {
  return { ...(value as KubeObject), apiVersion: live.apiVersion, kind: live.kind };
}

function refuseConflicts(others: readonly Owner[], changed: ReadonlySet<string>): void {
  const conflicts = others
    .map((owner) => ({
      who: describe(owner),
      paths: [...owner.fields]
        .filter((text) => changed.has(text))
        .map((text) => printPath(pathOf(text))),
    }))
    .filter(({ paths }) => paths.length > 0)
    .sort((a, b) => a.who.localeCompare(b.who));
  const causes: Cause[] = conflicts.flatMap(({ who, paths }) =>
    paths.map((field) => ({
      reason: 'FieldManagerConflict',
      message: `conflict with ${who}`,
      field,
    })),
  );
  if (causes.length === 0) return;
  const [only] = causes;
  const list =
    causes.length === 1
      ? `${only?.message}: ${only?.field}`
      : conflicts
          .map(({ who, paths }) =>
            [`conflicts with ${who}:`, ...paths.map((path) => `- ${path}`)].join('\n'),
          )
          .join('\n');
  const message = `Apply failed with ${causes.length} conflict${causes.length === 1 ? '' : 's'}: ${list}`;
  throw new ApiError({ code: 409, reason: 'Conflict', message, details: { causes } });
}

function describe(owner: Owner): string {
  const name = JSON.stringify(owner.manager);
  if (owner.operation === 'Apply') return name;
  const part =
    owner.subresource === undefined ? '' : ` with subresource ${JSON.stringify(owner.subresource)}`;
  return `${name}${part} using ${owner.apiVersion}`;
}
