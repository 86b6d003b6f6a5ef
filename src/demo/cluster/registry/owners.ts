import { isDeepStrictEqual } from 'node:util';
import {
  managedFieldsOf,
  ownersOfCreated,
  ownersOfUpdated,
  type Writer,
} from '../managers/managed-fields.ts';
import type { Kind } from '../model/kinds.ts';
import type { KubeObject } from '../model/objects.ts';

interface Write {
  readonly writer?: Writer;
  /** When it is written. */
  readonly time: string;
  readonly managedFields?: readonly unknown[];
}

/** The new object with who owns its fields. Nothing is kept of objects that no client has written: controllers' pods, seeds. */
export function withOwnersOfCreated<T extends KubeObject>(
  { custom }: Kind,
  object: T,
  { writer, time, managedFields }: Write,
): T {
  if (managedFields !== undefined) return withManagedFields(object, managedFields);
  if (writer === undefined) return object;
  return withManagedFields(
    object,
    managedFieldsOf(ownersOfCreated({ after: object, custom, time }, writer)),
  );
}

/** The changed object with who owns its fields now, where that is kept for it. */
export function withOwnersOfUpdated<T extends KubeObject>(
  { custom }: Kind,
  after: T,
  { writer, time, managedFields, stored }: Write & { readonly stored: T },
): T {
  if (managedFields !== undefined) return withManagedFields(after, managedFields);
  const isKept = stored.metadata['managedFields'] !== undefined;
  if (writer === undefined || !isKept || isDeepStrictEqual(after, stored)) return after;
  const owners = ownersOfUpdated({ before: stored, after, custom, time }, writer);
  return withManagedFields(after, managedFieldsOf(owners));
}

function withManagedFields<T extends KubeObject>(object: T, managedFields: readonly unknown[]): T {
  return { ...object, metadata: { ...object.metadata, managedFields } };
}
