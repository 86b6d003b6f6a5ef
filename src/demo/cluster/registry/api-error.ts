import { type Kind, resourceName } from '../model/kinds.ts';

export interface Cause {
  readonly reason: string;
  readonly message: string;
  readonly field?: string;
}

export interface StatusDetails {
  readonly name?: string;
  readonly group?: string;
  readonly kind?: string;
  readonly uid?: string;
  readonly causes?: readonly Cause[];
  readonly retryAfterSeconds?: number;
}

interface Failure {
  readonly code: number;
  /** Absent in the one Status that the API server writes without: a pod under two budgets. */
  readonly reason?: string;
  readonly message: string;
  readonly details?: StatusDetails;
  readonly continueWith?: string;
  readonly cause?: unknown;
}

/** An answer other than success, as the API's Status object. */
export class ApiError extends Error {
  readonly code: number;
  readonly reason: string | undefined;
  readonly details: StatusDetails | undefined;
  readonly continueWith: string | undefined;

  constructor(failure: Failure) {
    super(failure.message, failure.cause === undefined ? undefined : { cause: failure.cause });
    this.code = failure.code;
    this.reason = failure.reason;
    this.details = failure.details;
    this.continueWith = failure.continueWith;
  }

  /** The body of the answer. */
  get status(): Record<string, unknown> {
    return {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: this.continueWith === undefined ? {} : { continue: this.continueWith },
      status: 'Failure',
      message: this.message,
      ...(this.reason === undefined ? {} : { reason: this.reason }),
      ...(this.details === undefined ? {} : { details: this.details }),
      code: this.code,
    };
  }
}

export function isConflict(error: unknown): boolean {
  return error instanceof ApiError && error.code === 409;
}

export function detailsOf(kind: Kind, name?: string): StatusDetails {
  return {
    ...(name === undefined ? {} : { name }),
    ...(kind.group === '' ? {} : { group: kind.group }),
    kind: kind.plural,
  };
}

export function notFound(kind: Kind, name: string): ApiError {
  return new ApiError({
    code: 404,
    reason: 'NotFound',
    message: `${resourceName(kind)} "${name}" not found`,
    details: detailsOf(kind, name),
  });
}

export function alreadyExists(kind: Kind, name: string): ApiError {
  return new ApiError({
    code: 409,
    reason: 'AlreadyExists',
    message: `${resourceName(kind)} "${name}" already exists`,
    details: detailsOf(kind, name),
  });
}

export function conflict(kind: Kind, name: string, why: string): ApiError {
  return new ApiError({
    code: 409,
    reason: 'Conflict',
    message: `Operation cannot be fulfilled on ${resourceName(kind)} "${name}": ${why}`,
    details: detailsOf(kind, name),
  });
}

export function staleObject(kind: Kind, name: string): ApiError {
  return conflict(
    kind,
    name,
    'the object has been modified; please apply your changes to the latest version and try again',
  );
}

export function badRequest(message: string, cause?: unknown): ApiError {
  return new ApiError({ code: 400, reason: 'BadRequest', message, cause });
}

export function unsupportedMediaType(accepted: readonly string[]): ApiError {
  return new ApiError({
    code: 415,
    reason: 'UnsupportedMediaType',
    message: `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`,
  });
}

/** 422: `causes` name the fields. */
export function invalid(kind: Kind, name: string, causes: readonly Cause[]): ApiError {
  const sentences = causes.map((cause) => `${cause.field ?? ''}: ${cause.message}`);
  const list = sentences.length === 1 ? sentences[0] : `[${sentences.join(', ')}]`;
  return new ApiError({
    code: 422,
    reason: 'Invalid',
    message: `${kind.kind}${kind.group === '' ? '' : `.${kind.group}`} "${name}" is invalid: ${list}`,
    details: {
      name,
      ...(kind.group === '' ? {} : { group: kind.group }),
      kind: kind.kind,
      causes,
    },
  });
}

/** 403 with this reason, as admission and authorization give it. */
export function forbidden(kind: Kind, name: string, why: string): ApiError {
  return new ApiError({
    code: 403,
    reason: 'Forbidden',
    message: `${resourceName(kind)} "${name}" is forbidden: ${why}`,
    details: detailsOf(kind, name),
  });
}

/** What a JSON patch that cannot be applied is answered with, whatever the cause. */
export function patchRejected(): ApiError {
  return new ApiError({
    code: 422,
    reason: 'Invalid',
    message: 'the server rejected our request due to an error in our request',
    details: {},
  });
}

export function namespaceTerminating(kind: Kind, name: string, namespace: string): ApiError {
  return new ApiError({
    code: 403,
    reason: 'Forbidden',
    message: `${resourceName(kind)} "${name}" is forbidden: unable to create new content in namespace ${namespace} because it is being terminated`,
    details: {
      ...detailsOf(kind, name),
      causes: [
        {
          reason: 'NamespaceTerminating',
          message: `namespace ${namespace} is being terminated`,
          field: 'metadata.namespace',
        },
      ],
    },
  });
}

/** 504: an API server that lags behind, or a revision of another cluster. */
export function notYetReached(wanted: number, current: number): ApiError {
  return new ApiError({
    code: 504,
    reason: 'Timeout',
    message: `Timeout: Too large resource version: ${wanted}, current: ${current}`,
    details: {
      causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
      retryAfterSeconds: 1,
    },
  });
}
