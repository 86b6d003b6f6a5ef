import type { z } from 'zod';
import type { Kind } from '../model/kinds.ts';
import type { KubeObject, Manifest } from '../model/objects.ts';
import { type Cause, invalid } from './api-error.ts';

function pathOf(issue: z.core.$ZodIssue): string {
  let path = '';
  for (const part of issue.path) {
    path += typeof part === 'number' ? `[${part}]` : `.${String(part)}`;
  }
  return path.slice(1);
}

function valueAt(object: unknown, path: readonly PropertyKey[]): unknown {
  let value = object;
  for (const part of path) value = Object(value)[part];
  return value;
}

/** What is wrong with one field: missing, not one of the values there are, or else unfit. */
function causeOf(issue: z.core.$ZodIssue, object: Manifest): Cause {
  const field = pathOf(issue);
  const value = valueAt(object, issue.path);
  if (value === undefined || (issue.code === 'too_small' && issue.origin === 'array')) {
    return { reason: 'FieldValueRequired', message: 'Required value', field };
  }
  if (issue.code === 'invalid_value') {
    const supported = issue.values.map((each) => JSON.stringify(each)).join(', ');
    const message = `Unsupported value: ${JSON.stringify(value)}: supported values: ${supported}`;
    return { reason: 'FieldValueNotSupported', message, field };
  }
  return { reason: 'FieldValueInvalid', message: `Invalid value: ${issue.message}`, field };
}

/** What the API server adds for custom kinds, whose definitions hold rules besides the schema. */
const rulesNotChecked: Cause = {
  reason: 'FieldValueInvalid',
  message:
    'Invalid value: "null": some validation rules were not checked because the object was invalid; correct the existing errors to complete validation',
  field: '<nil>',
};

/** @throws ApiError 422 naming each field that does not fit the kind's schema */
export function validated<T extends KubeObject>(kind: Kind<T>, object: Manifest): T {
  const parsed = kind.schema.safeParse(object);
  if (!parsed.success) {
    const causes = parsed.error.issues.map((issue) => causeOf(issue, object));
    if (kind.custom) causes.push(rulesNotChecked);
    throw invalid(kind, object.metadata.name ?? '', causes);
  }
  // Not parsed.data: the schemas are loose, and a copy would cost as much as the whole request.
  return object as unknown as T;
}

const dnsName = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/;

/** @throws ApiError 422 where the name could not be part of a DNS name */
export function validateName(kind: Kind, name: string): void {
  if (kind.group === 'rbac.authorization.k8s.io' && isPathSegment(name)) return;
  if (dnsName.test(name) && name.length <= 253) return;
  throw invalid(kind, name, [
    {
      reason: 'FieldValueInvalid',
      message: `Invalid value: "${name}": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character`,
      field: 'metadata.name',
    },
  ]);
}

/** Names of roles may hold colons and capitals. */
function isPathSegment(name: string): boolean {
  return name !== '.' && name !== '..' && !/[/%]/.test(name);
}
