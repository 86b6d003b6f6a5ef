import { isDeepStrictEqual } from 'node:util';
import type { Kind } from '../model/kinds.ts';
import { type KubeObject, timestamp } from '../model/objects.ts';
import type { Pod } from '../model/schemas.ts';
import type { SimulatedClock } from '../simulated-clock.ts';
import { type Change, History } from './history.ts';
import { IndexSet } from './index-set.ts';
import { Journal, type JournalEntry, readJournal } from './journal.ts';

/** Where the first resourceVersion of a new world begins, so that 1 is too old for any watch, as on a real server. */
const firstRevision = 1000;
/** Revisions of heartbeats are not recorded one by one; after a restart they are skipped, so that none is used twice. */
const unrecorded = 1000;

/** `namespace/name`, or the name alone: the order of keys is the order of lists. */
export function keyOf(object: KubeObject): string {
  return objectKey(object.metadata.name, object.metadata.namespace);
}

export function objectKey(name: string, namespace: string | undefined): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}

/** All objects of one cluster. Objects are replaced, never changed in place: whoever holds one holds a snapshot. */
export class Store {
  readonly #tables = new Map<string, Map<string, KubeObject>>();
  readonly #sortedKeys = new Map<string, readonly string[]>();
  readonly #byNamespace = new IndexSet();
  readonly #podsByNode = new IndexSet();
  readonly #byOwner = new IndexSet();
  readonly #listeners = new Set<(change: Change) => void>();
  #journal: Journal | undefined;
  #revision = firstRevision;
  readonly history: History;
  /** The time that the cluster lives in. */
  readonly clock: SimulatedClock;

  /** Reads what the data file holds; nothing is written to it before `record`. */
  constructor(clock: SimulatedClock, dataFile?: string) {
    this.clock = clock;
    const entries = dataFile === undefined ? [] : readJournal(dataFile);
    for (const entry of entries) this.#replay(entry);
    if (entries.length > 0) this.#revision += 2 * unrecorded;
    this.history = new History(this.#revision);
  }

  /** From now on every change is in the data file before it is announced. */
  record(dataFile: string): void {
    this.#journal = new Journal(dataFile, this.#revision, this.#all());
  }

  get revision(): number {
    return this.#revision;
  }

  get isEmpty(): boolean {
    return this.#tables.size === 0;
  }

  get<T extends KubeObject>(kind: Kind<T>, name: string, namespace?: string): T | undefined {
    // The table of a kind holds only objects that have passed its schema.
    return this.#tables.get(kind.kind)?.get(objectKey(name, namespace)) as T | undefined;
  }

  /** Sorted by namespace and name. */
  list<T extends KubeObject>(kind: Kind<T>, namespace?: string): readonly T[] {
    if (namespace !== undefined) {
      return this.#resolve(kind, this.#byNamespace.keys(`${kind.kind}/${namespace}`));
    }
    let keys = this.#sortedKeys.get(kind.kind);
    if (keys === undefined) {
      keys = [...(this.#tables.get(kind.kind)?.keys() ?? [])].sort();
      this.#sortedKeys.set(kind.kind, keys);
    }
    return this.#resolve(kind, keys);
  }

  podsOnNode(kind: Kind<Pod>, node: string): Pod[] {
    return this.#resolve(kind, this.#podsByNode.keys(node));
  }

  /** The objects of this kind whose ownerReferences name this UID. */
  ownedBy<T extends KubeObject>(kind: Kind<T>, uid: string): T[] {
    return this.#resolve(kind, this.#byOwner.keys(`${kind.kind}/${uid}`));
  }

  onChange(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Stores the object under the next resourceVersion. */
  put<T extends KubeObject>(object: T): T {
    this.#revision += 1;
    const stored = {
      ...object,
      metadata: { ...object.metadata, resourceVersion: String(this.#revision) },
    };
    const before = this.#place(stored);
    if (!isHeartbeat(stored)) this.#journal?.append({ revision: this.#revision, put: stored });
    else if (this.#revision % unrecorded === 0) this.#journal?.append({ revision: this.#revision });
    const base = { revision: this.#revision, object: stored };
    this.#announce(
      before === undefined ? { ...base, type: 'ADDED' } : { ...base, type: 'MODIFIED', before },
    );
    return stored;
  }

  /** Applies a change to a copy, and stores it unless it changed nothing. Returns what is stored. */
  change<T extends KubeObject>(object: T, edit: (draft: T) => void): T {
    const draft = structuredClone(object);
    edit(draft);
    return isDeepStrictEqual(draft, object) ? object : this.put(draft);
  }

  remove(object: KubeObject): KubeObject {
    const key = keyOf(object);
    const table = this.#tables.get(object.kind);
    const before = table?.get(key);
    if (before === undefined) return object;
    this.#revision += 1;
    table?.delete(key);
    this.#sortedKeys.delete(object.kind);
    this.#unindex(before);
    this.#journal?.append({ revision: this.#revision, removed: { kind: object.kind, key } });
    const gone = {
      ...before,
      metadata: { ...before.metadata, resourceVersion: String(this.#revision) },
    };
    this.#announce({ type: 'DELETED', revision: this.#revision, object: gone, before });
    return gone;
  }

  /** Now, as the API writes times. */
  timestamp(): string {
    return timestamp(this.clock.now());
  }

  close(): void {
    this.#listeners.clear();
    this.#journal?.close();
  }

  #announce(change: Change): void {
    this.history.add(change);
    if (this.#journal?.wordy) this.#journal.compact(this.#revision, this.#all());
    for (const listener of [...this.#listeners]) listener(change);
  }

  #place(stored: KubeObject): KubeObject | undefined {
    const key = keyOf(stored);
    const table = this.#tables.get(stored.kind) ?? new Map<string, KubeObject>();
    this.#tables.set(stored.kind, table);
    const before = table.get(key);
    if (before === undefined) this.#sortedKeys.delete(stored.kind);
    else this.#unindex(before);
    table.set(key, stored);
    this.#index(stored);
    return before;
  }

  #replay(entry: JournalEntry): void {
    this.#revision = Math.max(this.#revision, entry.revision);
    if ('put' in entry) this.#place(entry.put);
    if ('removed' in entry) {
      const table = this.#tables.get(entry.removed.kind);
      const before = table?.get(entry.removed.key);
      if (before !== undefined) this.#unindex(before);
      table?.delete(entry.removed.key);
    }
  }

  #index(object: KubeObject): void {
    const key = keyOf(object);
    this.#byNamespace.add(namespaceGroup(object), key);
    this.#podsByNode.add(nodeGroup(object), key);
    for (const group of ownerGroups(object)) this.#byOwner.add(group, key);
  }

  #unindex(object: KubeObject): void {
    const key = keyOf(object);
    this.#byNamespace.remove(namespaceGroup(object), key);
    this.#podsByNode.remove(nodeGroup(object), key);
    for (const group of ownerGroups(object)) this.#byOwner.remove(group, key);
  }

  #resolve<T extends KubeObject>(kind: Kind<T>, keys: readonly string[]): T[] {
    const table = this.#tables.get(kind.kind);
    const found = keys.map((key) => table?.get(key)).filter((object) => object !== undefined);
    return found as T[];
  }

  *#all(): Iterable<KubeObject> {
    for (const table of this.#tables.values()) yield* table.values();
  }
}

/** The Leases that kubelets renew all the time: after a restart they are renewed at once. */
function isHeartbeat(object: KubeObject): boolean {
  return object.kind === 'Lease' && object.metadata.namespace === 'kube-node-lease';
}

function namespaceGroup(object: KubeObject): string | undefined {
  const namespace = object.metadata.namespace;
  return namespace === undefined ? undefined : `${object.kind}/${namespace}`;
}

function nodeGroup(object: KubeObject): string | undefined {
  return object.kind === 'Pod' ? (object as Pod).spec.nodeName : undefined;
}

function ownerGroups(object: KubeObject): string[] {
  const owners = object.metadata.ownerReferences ?? [];
  return owners.map((owner) => `${object.kind}/${owner.uid}`);
}
