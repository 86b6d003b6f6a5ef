import type { z } from 'zod';
import type { Kind } from '../model/kinds.ts';
import type { KubeObject, Manifest } from '../model/objects.ts';
import { type Cause, invalid } from './api-error.ts';

function causeOf(issue: z.core.$ZodIssue): Cause {
  const field = issue.path.reduce<string>(
    (path, part) => (typeof part === 'number' ? `${path}[${part}]` : `${path}.${String(part)}`),
    '',
  );
  return {
    reason: 'FieldValueInvalid',
    message: `Invalid value: ${issue.message}`,
    field: field.slice(1),
  };
}

/** @throws ApiError 422 naming each field that does not fit the kind's schema */
export function validated<T extends KubeObject>(kind: Kind<T>, object: Manifest): T {
  const parsed = kind.schema.safeParse(object);
  if (!parsed.success) {
    throw invalid(kind, object.metadata.name ?? '', parsed.error.issues.map(causeOf));
  }
  // Not parsed.data: the schemas are loose, and a copy would cost as much as the whole request.
  return object as unknown as T;
}

const dnsName = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/;

/** @throws ApiError 422 where the name could not be part of a DNS name */
export function validateName(kind: Kind, name: string): void {
  if (dnsName.test(name) && name.length <= 253) return;
  throw invalid(kind, name, [
    {
      reason: 'FieldValueInvalid',
      message: `Invalid value: "${name}": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character`,
      field: 'metadata.name',
    },
  ]);
}
