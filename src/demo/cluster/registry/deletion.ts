import { type Kind, Namespace, Pod as PodKind } from '../model/kinds.ts';
import { isTerminating, type KubeObject, timestamp } from '../model/objects.ts';
import type { Pod } from '../model/schemas.ts';
import type { Store } from '../storage/store.ts';
import { conflict, forbidden } from './api-error.ts';

export interface DeleteOptions {
  readonly uid?: string | undefined;
  readonly resourceVersion?: string | undefined;
  readonly gracePeriodSeconds?: number | undefined;
  readonly propagationPolicy?: string | undefined;
  readonly dryRun?: boolean;
}

export interface Deletion<T> {
  readonly object: T;
  /** False where a finalizer or a grace period still keeps the object. */
  readonly removed: boolean;
}

const propagationFinalizers: Readonly<Record<string, string>> = {
  Foreground: 'foregroundDeletion',
  Orphan: 'orphan',
};

/**
 * Deletes an object, or begins to: finalizers and a pod's grace period come first.
 * @throws ApiError 409 where a precondition does not hold
 */
export function deleteObject<T extends KubeObject>(
  store: Store,
  target: { readonly kind: Kind<T>; readonly object: T },
  options: DeleteOptions = {},
): Deletion<T> {
  const { kind, object } = target;
  checkPreconditions(kind, object, options);
  const next = { ...object, metadata: { ...object.metadata } };
  const finalizer = propagationFinalizers[options.propagationPolicy ?? ''];
  if (finalizer !== undefined && !isTerminating(object)) {
    next.metadata.finalizers = [...(object.metadata.finalizers ?? []), finalizer];
  }
  const graceSeconds = graceOf(object, options);
  const held = graceSeconds > 0 || holdsOn(next);
  if (!held) {
    return { object: options.dryRun ? object : (store.remove(object) as T), removed: true };
  }
  if (isTerminating(object) && !isShorter(object, graceSeconds)) return { object, removed: false };
  markDeleted(kind, next, { graceSeconds, now: store.clock.now() });
  return { object: options.dryRun ? next : store.put(next), removed: false };
}

function checkPreconditions(kind: Kind, object: KubeObject, options: DeleteOptions): void {
  const { name, uid, resourceVersion } = object.metadata;
  if (options.uid !== undefined && options.uid !== uid) {
    const why = `Precondition failed: UID in precondition: ${options.uid}, UID in object meta: ${uid}`;
    throw conflict(kind, name, why);
  }
  if (options.resourceVersion !== undefined && options.resourceVersion !== resourceVersion) {
    const why = `Precondition failed: ResourceVersion in precondition: ${options.resourceVersion}, ResourceVersion in object meta: ${resourceVersion}`;
    throw conflict(kind, name, why);
  }
}

function holdsOn(object: KubeObject): boolean {
  return (object.metadata.finalizers ?? []).length > 0 || object.kind === 'Namespace';
}

/** A pod that runs on a node gets its grace period; nothing else does. */
function graceOf(object: KubeObject, options: DeleteOptions): number {
  if (object.kind !== PodKind.kind) return 0;
  const { spec, status } = object as Pod;
  const finished = status?.phase === 'Succeeded' || status?.phase === 'Failed';
  if (finished || spec.nodeName === undefined) return 0;
  return options.gracePeriodSeconds ?? spec.terminationGracePeriodSeconds ?? 30;
}

function isShorter(object: KubeObject, graceSeconds: number): boolean {
  return graceSeconds < (object.metadata.deletionGracePeriodSeconds ?? 0);
}

function markDeleted(
  kind: Kind,
  object: KubeObject,
  when: { readonly graceSeconds: number; readonly now: number },
): void {
  const { graceSeconds, now } = when;
  const { metadata } = object;
  const again = isTerminating(object);
  metadata.deletionTimestamp = timestamp(now + graceSeconds * 1000);
  if (kind.kind === 'Namespace') {
    object.status = { phase: 'Terminating' };
    return;
  }
  metadata.deletionGracePeriodSeconds = graceSeconds;
  if (kind.generation && !again) metadata.generation = (metadata.generation ?? 0) + 1;
}

const immortal = ['default', 'kube-system', 'kube-public'];

/** @throws ApiError 403 for the namespaces that no cluster is without */
export function checkMortal(kind: Kind, name: string): void {
  if (kind.kind !== Namespace.kind || !immortal.includes(name)) return;
  throw forbidden(kind, name, 'this namespace may not be deleted');
}
