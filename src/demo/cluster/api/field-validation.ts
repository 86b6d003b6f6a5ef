import { withKnownFields } from '../model/api-fields.ts';
import { apiVersionOf, type Kind } from '../model/kinds.ts';
import { ApiError, badRequest } from '../registry/api-error.ts';
import type { ApiRequest } from './request.ts';

export interface Checked<T> {
  readonly object: T;
  /** One for each field that was left out. */
  readonly warnings: readonly string[];
}

/**
 * The object as it is decoded: without what its kind does not know, which is warned of unless `fieldValidation` says otherwise.
 * @throws ApiError 400, for a patch 422, with `fieldValidation=Strict`
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#field-validation
 */
export function checkFields<T extends object>(
  kind: Kind,
  given: T,
  request: ApiRequest,
): Checked<T> {
  const { object, unknown } = withKnownFields(kind, given);
  const complaints = unknown.map((path) => `unknown field "${path}"`);
  const mode = request.query.get('fieldValidation') ?? 'Warn';
  if (mode === 'Strict' && complaints.length > 0) throw refused(kind, complaints, request);
  return { object, warnings: mode === 'Ignore' ? [] : complaints };
}

function refused(kind: Kind, complaints: readonly string[], request: ApiRequest): ApiError {
  const why = `strict decoding error: ${complaints.join(', ')}`;
  if (request.method !== 'PATCH') {
    const { kind: name, version } = kind;
    return badRequest(`${name} in version "${version}" cannot be handled as a ${name}: ${why}`);
  }
  const message = `Invalid value: ${JSON.stringify(JSON.stringify(request.body))}: ${why}`;
  return new ApiError({
    code: 422,
    reason: 'Invalid',
    message: ` "" is invalid: patch: ${message}`,
    details: { causes: [{ reason: 'FieldValueInvalid', message, field: 'patch' }] },
  });
}

/** @throws ApiError 500 where an applied object has a field that its kind does not know, whatever `fieldValidation` says */
export function checkApplied(
  kind: Kind,
  applied: object,
  place: { readonly name: string; readonly namespace?: string | undefined },
): void {
  const [first] = withKnownFields(kind, applied).unknown;
  if (first === undefined) return;
  const { name, namespace } = place;
  const object = `${namespace === undefined ? '' : `${namespace}/`}${name}; ${apiVersionOf(kind)}, Kind=${kind.kind}`;
  throw new ApiError({
    code: 500,
    message: `failed to create typed patch object (${object}): .${first}: field not declared in schema`,
  });
}
