import { type Kind, kindNamed, kinds, Namespace } from '../model/kinds.ts';
import { isTerminating, type KubeObject } from '../model/objects.ts';
import { deleteObject } from '../registry/deletion.ts';
import type { Change } from '../storage/history.ts';
import type { Store } from '../storage/store.ts';
import type { Controller, ControlPlane } from './controller.ts';

interface Owned {
  readonly kind: Kind;
  readonly object: KubeObject;
}

/** Deletes what belonged to an owner that has gone; carries out Foreground and Orphan deletion. */
export function createGarbageCollector(plane: ControlPlane): Controller {
  const { store, timings } = plane;
  return {
    delayMs: timings.controllerMs,
    kinds: kinds.filter((kind) => kind.kind !== Namespace.kind),
    keysOf: (change) => [...uidsOf(change)],
    reconcile: (key) => {
      const [uid = '', kind = '', name = '', namespace] = key.split('|');
      const owner = store.get(kindNamed(kind), name, namespace);
      if (owner?.metadata.uid === uid) finishDeletion(store, owner);
      else for (const owned of dependents(store, uid)) releaseFrom(store, owned, uid);
      return undefined;
    },
  };
}

function keyFor(object: KubeObject): string {
  const { uid, name, namespace } = object.metadata;
  return [uid, object.kind, name, ...(namespace === undefined ? [] : [namespace])].join('|');
}

/** An owner that is going or has gone; and an object that comes to be without its owner, or goes before it. */
function* uidsOf(change: Change): Iterable<string> {
  const { object } = change;
  if (!kinds.some((kind) => kind.kind === object.kind)) return;
  if (change.type === 'DELETED' || isTerminating(object)) yield keyFor(object);
  if (change.type === 'MODIFIED') return;
  for (const owner of object.metadata.ownerReferences ?? []) {
    if (!kinds.some((kind) => kind.kind === owner.kind)) continue;
    const namespaced = kindNamed(owner.kind).namespaced;
    const namespace = namespaced ? object.metadata.namespace : undefined;
    const { uid, kind, name } = owner;
    yield [uid, kind, name, ...(namespace === undefined ? [] : [namespace])].join('|');
  }
}

function dependents(store: Store, uid: string): Owned[] {
  return kinds.flatMap((kind) => store.ownedBy(kind, uid).map((object) => ({ kind, object })));
}

/** The owner has gone: its dependents go too, unless another owner is still there. */
function releaseFrom(store: Store, owned: Owned, uid: string): void {
  const owners = owned.object.metadata.ownerReferences ?? [];
  const others = owners.filter((owner) => owner.uid !== uid);
  if (others.length === 0) {
    deleteObject(store, owned);
    return;
  }
  store.change(owned.object, (draft) => {
    draft.metadata.ownerReferences = others;
  });
}

function finishDeletion(store: Store, owner: KubeObject): void {
  const finalizers = isTerminating(owner) ? (owner.metadata.finalizers ?? []) : [];
  if (finalizers.includes('orphan')) orphanAll(store, owner);
  else if (finalizers.includes('foregroundDeletion')) deleteAllFirst(store, owner);
}

function orphanAll(store: Store, owner: KubeObject): void {
  const { uid } = owner.metadata;
  for (const owned of dependents(store, uid)) disown(store, owned, uid);
  dropFinalizer(store, owner, 'orphan');
}

function deleteAllFirst(store: Store, owner: KubeObject): void {
  const { uid } = owner.metadata;
  for (const owned of dependents(store, uid)) {
    if (isTerminating(owned.object)) continue;
    const hasOwn = dependents(store, owned.object.metadata.uid).length > 0;
    deleteObject(store, owned, hasOwn ? { propagationPolicy: 'Foreground' } : {});
  }
  if (dependents(store, uid).length === 0) dropFinalizer(store, owner, 'foregroundDeletion');
}

function disown(store: Store, owned: Owned, uid: string): void {
  store.change(owned.object, (draft) => {
    draft.metadata.ownerReferences = draft.metadata.ownerReferences?.filter(
      (owner) => owner.uid !== uid,
    );
  });
}

/** Takes a finalizer off an object that is being deleted; with the last one it is gone. */
export function dropFinalizer(store: Store, object: KubeObject, finalizer: string): void {
  const next = store.change(object, (draft) => {
    draft.metadata.finalizers = draft.metadata.finalizers?.filter((each) => each !== finalizer);
  });
  const held = (next.metadata.finalizers ?? []).length > 0;
  if (!held && (next.metadata.deletionGracePeriodSeconds ?? 0) === 0) store.remove(next);
}
