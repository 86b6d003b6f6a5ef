import type { ListOptions, ObjectName, ResourceType } from '../kubernetes/kubernetes.ts';
import type { ClusterReader, Stored } from './cluster-reader.ts';
import { LiveList, type LiveSource } from './live-list.ts';

/** What nobody has read for so long is not watched any more: each watch is a connection. */
const UNREAD_MS = 60_000;

/**
 * Reads from memory: what is asked for is watched from then on. Never more than ten seconds behind without a fresh look,
 * so a watch that fails makes its reader slower, never wrong.
 */
export class LiveObjects implements ClusterReader {
  readonly #source: LiveSource;
  readonly #lists = new Map<string, LiveList<Stored>>();
  readonly #closing = new Set<Promise<void>>();

  constructor(source: LiveSource) {
    this.#source = source;
  }

  list<T extends Stored>(type: ResourceType<T>, options: ListOptions = {}): Promise<readonly T[]> {
    const { namespace, fieldSelector, labelSelector } = options;
    const { apiVersion, plural } = type;
    const key = JSON.stringify([apiVersion, plural, namespace, fieldSelector, labelSelector]);
    // The key holds the type, and with it what the list holds.
    const known = this.#lists.get(key) as LiveList<T> | undefined;
    const list = known ?? new LiveList(this.#source, { type, options });
    this.#lists.set(key, list);
    const objects = list.read();
    this.#closeUnread();
    return objects;
  }

  async find<T extends Stored>(
    type: ResourceType<T>,
    { name, namespace }: ObjectName,
  ): Promise<T | undefined> {
    const fieldSelector = `metadata.name=${name}`;
    const options = namespace === undefined ? { fieldSelector } : { namespace, fieldSelector };
    const [object] = await this.list(type, options);
    return object;
  }

  /** Resolves when nothing is watched any more. */
  async close(): Promise<void> {
    for (const key of this.#lists.keys()) this.#close(key);
    await Promise.all(this.#closing);
  }

  #closeUnread(): void {
    const now = this.#source.clock.now();
    for (const [key, { readAt }] of this.#lists) {
      if (now - readAt > UNREAD_MS) this.#close(key);
    }
  }

  #close(key: string): void {
    const closed = this.#lists.get(key)?.close();
    this.#lists.delete(key);
    if (closed === undefined) return;
    this.#closing.add(closed);
    void closed.finally(() => this.#closing.delete(closed));
  }
}
