import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { admitCreation, withPodAdmission } from '../admission/admission.ts';
import type { Writer } from '../managers/managed-fields.ts';
import { apiVersionOf, type Kind, Namespace, Pod as PodKind } from '../model/kinds.ts';
import { randomSuffix } from '../model/names.ts';
import { isTerminating, type KubeObject, type Manifest } from '../model/objects.ts';
import type { Pod } from '../model/schemas.ts';
import type { Store } from '../storage/store.ts';
import {
  alreadyExists,
  conflict,
  invalid,
  namespaceTerminating,
  notFound,
  staleObject,
} from './api-error.ts';
import { admit, withDefaults } from './defaults.ts';
import { checkImmutable } from './immutable-fields.ts';
import { withOwnersOfCreated, withOwnersOfUpdated } from './owners.ts';
import { resizedPod } from './pod-resize.ts';
import { checkSelectorFits } from './selector-fits.ts';
import { validated, validateName } from './validation.ts';

export interface WriteOptions {
  readonly namespace?: string | undefined;
  readonly dryRun?: boolean;
  readonly subresource?: string | undefined;
  /** Who owns from now on what this write changes; nobody where absent. */
  readonly writer?: Writer;
  /** Who owns what from now on, where that is known already. */
  readonly managedFields?: readonly unknown[];
}

/** Writes as the API server does: defaults, admission, preconditions, generation, no write where nothing changes. */
export class Registry {
  readonly store: Store;

  constructor(store: Store) {
    this.store = store;
  }

  /** @throws ApiError 404 */
  read<T extends KubeObject>(kind: Kind<T>, name: string, namespace?: string): T {
    const found = this.store.get(kind, name, namespace);
    if (found === undefined) throw notFound(kind, name);
    return found;
  }

  /** @throws ApiError 403 in a namespace that goes away, 404 without namespace, 409, 422 */
  create<T extends KubeObject>(kind: Kind<T>, manifest: Manifest, options: WriteOptions = {}): T {
    const namespace = kind.namespaced ? options.namespace : undefined;
    const name =
      manifest.metadata.name ?? `${manifest.metadata.generateName ?? ''}${randomSuffix()}`;
    this.admitToNamespace(kind, name, namespace);
    validateName(kind, name);
    if (this.store.get(kind, name, namespace) !== undefined) throw alreadyExists(kind, name);
    const { resourceVersion: _, generation: __, managedFields: ___, ...given } = manifest.metadata;
    const bare: Manifest = {
      ...manifest,
      kind: kind.kind,
      apiVersion: apiVersionOf(kind),
      metadata: {
        ...given,
        name,
        ...(namespace === undefined ? {} : { namespace }),
        uid: randomUUID(),
        creationTimestamp: this.store.timestamp(),
        ...(kind.generation ? { generation: 1 } : {}),
      },
    };
    if (kind.status && kind.kind !== 'Node') delete bare.status;
    const defaulted = validated(kind, withDefaults(validated(kind, bare)));
    const whole = admit(isPod(defaulted) ? withPodAdmission(this.store, defaulted) : defaulted);
    const object = validated(kind, whole);
    checkSelectorFits(kind, object);
    admitCreation(this.store, { kind, object, dryRun: options.dryRun === true });
    const owned = withOwnersOfCreated(kind, object, { ...options, time: this.store.timestamp() });
    return options.dryRun ? owned : this.store.put(owned);
  }

  /**
   * Replaces what is stored by `next`.
   * @throws ApiError 409 where `next` carries another UID or an older resourceVersion; 422
   */
  update<T extends KubeObject>(
    kind: Kind<T>,
    next: KubeObject,
    options: WriteOptions & { readonly stored: T },
  ): T {
    const { stored } = options;
    checkPreconditions(kind, next, stored);
    const merged = withOwnersOfUpdated(kind, this.#merged(kind, next, options), {
      ...options,
      time: this.store.timestamp(),
    });
    if (isDeepStrictEqual(merged, stored)) return stored;
    if (options.dryRun) return merged;
    if (isTerminating(stored) && isReleased(merged)) {
      return this.store.remove(this.store.put(merged)) as T;
    }
    return this.store.put(merged);
  }

  /** @throws ApiError 404 where there is no such namespace, 403 where it goes away */
  admitToNamespace(kind: Kind, name: string, namespace: string | undefined): void {
    if (namespace === undefined) return;
    const home = this.store.get(Namespace, namespace);
    if (home === undefined) throw notFound(Namespace, namespace);
    if (isTerminating(home)) throw namespaceTerminating(kind, name, namespace);
  }

  #merged<T extends KubeObject>(
    kind: Kind<T>,
    next: KubeObject,
    options: WriteOptions & { readonly stored: T },
  ): T {
    const { stored } = options;
    if (options.subresource === 'status') {
      const changed: Manifest = { ...stored };
      setOrDelete(changed, 'status', next.status);
      return validated(kind, changed);
    }
    if (options.subresource === 'resize' && isPod(next) && isPod(stored)) {
      const change = { next, stored, dryRun: options.dryRun === true };
      return validated(kind, resizedPod(this.store, change));
    }
    const kept = { ...next, kind: stored.kind, apiVersion: stored.apiVersion };
    if (kind.status) setOrDelete(kept, 'status', stored.status);
    kept.metadata = keptMetadata(next, stored);
    const object = validated(kind, withDefaults(validated(kind, kept)));
    checkImmutable(kind, object, stored);
    checkSelectorFits(kind, object);
    if (kind.generation && !isDeepStrictEqual(desired(object), desired(stored))) {
      object.metadata.generation = (stored.metadata.generation ?? 1) + 1;
    }
    return object;
  }
}

function isPod(object: KubeObject): object is Pod {
  return object.kind === PodKind.kind;
}

function setOrDelete(object: Manifest, field: string, value: unknown): void {
  if (value === undefined) delete object[field];
  else object[field] = value;
}

/** Everything but metadata and status: what the generation counts. */
function desired(object: KubeObject): unknown {
  const { metadata: _, status: __, ...rest } = object;
  return rest;
}

/** What only the server sets stays as it is; labels, annotations, owners and finalizers come from the request. */
function keptMetadata(next: KubeObject, stored: KubeObject): KubeObject['metadata'] {
  const metadata = { ...stored.metadata };
  const { labels, annotations, ownerReferences, finalizers } = next.metadata;
  for (const [field, value] of Object.entries({
    labels,
    annotations,
    ownerReferences,
    finalizers,
  })) {
    if (value === undefined || Object.keys(value).length === 0) delete metadata[field];
    else metadata[field] = value;
  }
  return metadata;
}

function checkPreconditions(kind: Kind, next: KubeObject, stored: KubeObject): void {
  const { name, uid, resourceVersion } = stored.metadata;
  if (next.metadata.uid !== undefined && next.metadata.uid !== uid) {
    const why = `Precondition failed: UID in precondition: ${next.metadata.uid}, UID in object meta: ${uid}`;
    throw conflict(kind, name, why);
  }
  const wanted = next.metadata.resourceVersion ?? '';
  if (wanted !== '' && wanted !== resourceVersion) throw staleObject(kind, name);
  if (wanted === '' && !kind.unconditionalUpdate) {
    const message = 'Invalid value: 0x0: must be specified for an update';
    const cause = { reason: 'FieldValueInvalid', message, field: 'metadata.resourceVersion' };
    throw invalid(kind, name, [cause]);
  }
}

/** Nothing holds the object back any longer: no finalizer, no grace period still running. */
function isReleased(object: KubeObject): boolean {
  const { finalizers = [], deletionGracePeriodSeconds = 0 } = object.metadata;
  return finalizers.length === 0 && deletionGracePeriodSeconds === 0;
}
