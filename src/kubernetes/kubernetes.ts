import type { z } from 'zod';
import { RunbookError } from '../errors.ts';
import type { Json } from '../json.ts';
import type { Text } from '../language/text.ts';

/** One kind of object: where it lives in the API, and the schema of the fields we use. */
export interface ResourceType<T> {
  readonly apiVersion: string;
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
  readonly schema: z.ZodType<T>;
}

export interface ObjectName {
  readonly name: string;
  readonly namespace?: string | undefined;
}

export interface ListOptions {
  readonly namespace?: string;
  readonly fieldSelector?: string;
  readonly labelSelector?: string;
}

export type Patch =
  | { readonly type: 'json'; readonly body: readonly JsonPatchOperation[] }
  | { readonly type: 'merge' | 'strategic'; readonly body: Json }
  | {
      readonly type: 'apply';
      readonly body: Json;
      readonly fieldManager: string;
      readonly force?: boolean;
    };

export type JsonPatchOperation =
  | { readonly op: 'test' | 'add' | 'replace'; readonly path: string; readonly value: Json }
  | { readonly op: 'remove'; readonly path: string };

export interface WriteOptions {
  /** Asks the API server to admit and validate, and to change nothing. */
  readonly dryRun?: boolean;
  readonly subresource?: 'status' | 'scale' | 'resize';
}

export type WatchEvent<T> =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: T }
  /** The watch began anew from a fresh list: what was known before may be stale. */
  | { readonly type: 'RESYNC'; readonly objects: readonly T[] };

/** Who acts: written into the User-Agent, so that the API server's audit log can be joined with ours. */
export interface Actor {
  readonly runId: string;
  readonly traceId: string;
  /** A Kubernetes user to impersonate, where the installation maps approvers to users. */
  readonly impersonate?: string;
}

/**
 * The client of exactly one cluster. Every call has a timeout; reads are retried, writes never are.
 * @throws KubernetesError from every method
 */
export interface Cluster {
  readonly name: string;
  get<T>(type: ResourceType<T>, object: ObjectName): Promise<T>;
  /** Like `get`, but undefined where the object does not exist. */
  find<T>(type: ResourceType<T>, object: ObjectName): Promise<T | undefined>;
  /** All matching objects, fetched in pages of 500. Empty where the cluster does not serve the type. */
  list<T>(type: ResourceType<T>, options?: ListOptions): Promise<T[]>;
  /** Begins with RESYNC, goes on for ever through disconnects and 410s; ends when the signal aborts. */
  watch<T>(
    type: ResourceType<T>,
    options: ListOptions & { readonly signal: AbortSignal },
  ): AsyncIterable<WatchEvent<T>>;
  create<T>(type: ResourceType<T>, body: Json, options?: WriteOptions): Promise<T>;
  patch<T>(
    type: ResourceType<T>,
    object: ObjectName,
    change: { readonly patch: Patch; readonly options?: WriteOptions },
  ): Promise<T>;
  /** Deletes the object only if it still has this UID. */
  delete<T>(type: ResourceType<T>, object: ObjectName & { readonly uid: string }): Promise<void>;
  /**
   * The Eviction subresource: obeys disruption budgets. Carries the UID as a precondition.
   * @see https://kubernetes.io/docs/concepts/scheduling-eviction/api-eviction/
   */
  evict(
    pod: { readonly namespace: string; readonly name: string; readonly uid: string },
    options?: WriteOptions,
  ): Promise<void>;
  /** SelfSubjectAccessReview: may we? */
  allowed(access: AccessQuestion): Promise<boolean>;
  /** The same cluster, acting in the name of a run. */
  as(actor: Actor): Cluster;
}

export interface AccessQuestion {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly namespace?: string;
}

export interface StatusCause {
  readonly reason: string;
  readonly message: string;
  readonly field?: string;
}

/**
 * The one error of this client. `status` is the HTTP status, 0 where no answer came (then `effectUncertain` says that a
 * write may have happened all the same).
 */
export class KubernetesError extends RunbookError {
  readonly status: number;
  readonly reason: string;
  readonly causes: readonly StatusCause[];
  /** From the Retry-After header, else from details.retryAfterSeconds. */
  readonly retryAfterMs: number | undefined;
  readonly effectUncertain: boolean;

  constructor(failure: {
    text: Text;
    status: number;
    reason: string;
    causes?: readonly StatusCause[];
    retryAfterMs?: number | undefined;
    effectUncertain?: boolean;
    cause?: unknown;
    data?: Record<string, unknown>;
  }) {
    super(`kubernetes_${failure.reason.toLowerCase()}`, failure.text, {
      cause: failure.cause,
      data: { ...failure.data, status: failure.status, reason: failure.reason },
    });
    this.status = failure.status;
    this.reason = failure.reason;
    this.causes = failure.causes ?? [];
    this.retryAfterMs = failure.retryAfterMs;
    this.effectUncertain = failure.effectUncertain ?? false;
  }
}

export function isKubernetesError(error: unknown): error is KubernetesError {
  return error instanceof KubernetesError;
}
