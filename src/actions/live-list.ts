import type { Clock } from '../clock.ts';
import type { Cluster, ListOptions, ResourceType, WatchEvent } from '../kubernetes/kubernetes.ts';
import type { Stored } from './cluster-reader.ts';
import type { Wake } from './wake.ts';

/** A watch may hang, or be refused, without a word: after this long without one, whoever reads looks afresh. */
const QUIET_MS = 10_000;

export interface LiveSource {
  readonly cluster: Pick<Cluster, 'list' | 'watch'>;
  readonly clock: Clock;
  /** Rings at each change. */
  readonly wake: Wake;
}

interface Query<T> {
  readonly type: ResourceType<T>;
  readonly options: ListOptions;
}

/**
 * The objects of one query, kept in memory by a watch. What is read is always one state that the API server had, never a
 * mixture of two; it may lag behind by as long as an event is on its way, and by QUIET_MS where the watch fails.
 */
export class LiveList<T extends Stored> {
  readonly #source: LiveSource;
  readonly #query: Query<T>;
  /** By UID, so that a namesake is another object. Undefined until the first state is known. */
  #objects: Map<string, T> | undefined;
  #heardAt: number;
  #readAt: number;
  #watch = new AbortController();
  #isWatching = false;
  #isClosed = false;
  #ended: Promise<unknown> = Promise.resolve();
  #looking: Promise<void> | undefined;

  constructor(source: LiveSource, query: Query<T>) {
    this.#source = source;
    this.#query = query;
    this.#heardAt = source.clock.now();
    this.#readAt = this.#heardAt;
    this.#follow();
  }

  /** When it was last read; epoch milliseconds. */
  get readAt(): number {
    return this.#readAt;
  }

  /** @throws KubernetesError where nothing was heard for long, and a fresh look fails */
  async read(): Promise<readonly T[]> {
    this.#readAt = this.#source.clock.now();
    while (this.#objects === undefined && this.#isWatching && this.#quietMs() < QUIET_MS) {
      await this.#source.wake.wait(QUIET_MS - this.#quietMs());
    }
    if (this.#objects === undefined || this.#quietMs() >= QUIET_MS) await this.#lookOnce();
    return [...(this.#objects ?? new Map<string, T>()).values()];
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#watch.abort();
    await this.#ended;
  }

  #quietMs(): number {
    return this.#source.clock.now() - this.#heardAt;
  }

  #lookOnce(): Promise<void> {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  /** What the watch should have told, and has not, ends it: its events would come late, on top of what is known now. */
  async #look(): Promise<void> {
    const { cluster } = this.#source;
    const { type, options } = this.#query;
    const heardAt = this.#heardAt;
    const objects = await cluster.list(type, options);
    if (this.#heardAt !== heardAt) return;
    if (this.#knows(objects)) {
      this.#heardAt = this.#source.clock.now();
      return;
    }
    this.#keep(objects);
    this.#follow();
  }

  #knows(objects: readonly T[]): boolean {
    const known = this.#objects;
    return (
      known?.size === objects.length &&
      objects.every(
        ({ metadata: { uid, resourceVersion } }) =>
          known.get(uid)?.metadata.resourceVersion === resourceVersion,
      )
    );
  }

  #follow(): void {
    if (this.#isClosed) return;
    this.#watch.abort();
    this.#watch = new AbortController();
    this.#isWatching = true;
    this.#ended = Promise.all([this.#ended, this.#hear(this.#watch.signal)]);
  }

  async #hear(signal: AbortSignal): Promise<void> {
    const { cluster, wake } = this.#source;
    const { type, options } = this.#query;
    try {
      for await (const event of cluster.watch(type, { ...options, signal })) {
        if (signal.aborted) return;
        this.#apply(event);
      }
    } catch {
      // Such as 403: fresh looks go on without it, and say so where they are refused too.
    }
    if (signal.aborted) return;
    this.#isWatching = false;
    wake.wake();
  }

  #apply(event: WatchEvent<T>): void {
    if (event.type === 'RESYNC') {
      this.#keep(event.objects);
      return;
    }
    const { uid } = event.object.metadata;
    if (event.type === 'DELETED') this.#objects?.delete(uid);
    else this.#objects?.set(uid, event.object);
    this.#heard();
  }

  #keep(objects: readonly T[]): void {
    this.#objects = new Map(objects.map((object) => [object.metadata.uid, object]));
    this.#heard();
  }

  #heard(): void {
    this.#heardAt = this.#source.clock.now();
    this.#source.wake.wake();
  }
}
