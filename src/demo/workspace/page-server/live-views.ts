import type { StoredMessage } from '../model.ts';
import type { ClusterSource, ClusterView } from './cluster-view.ts';
import type { Guide, GuideStep } from './guide.ts';

/** Often enough to see a pod leave and come back, seldom enough for a phone. */
const EVERY_MS = 250;

export interface ViewSources {
  readonly clusters: readonly ClusterSource[];
  readonly guide?: Guide | undefined;
  readonly messages: (channel: string) => readonly StoredMessage[];
}

/** Receives one named event of the page's stream. */
export type Send = (event: 'cluster' | 'guide', data: object) => void;

interface Look {
  readonly clusters: readonly (readonly [name: string, view: ClusterView])[];
  readonly steps: readonly GuideStep[] | undefined;
}

/** Shows open pages what surrounds the workspace: they get what has changed, at most four times a second. */
export class LiveViews {
  readonly #sources: ViewSources;
  readonly #readers = new Set<PageReader>();
  #timer: NodeJS.Timeout | undefined;

  constructor(sources: ViewSources) {
    this.#sources = sources;
  }

  /** Sends everything at once, and then what changes, until the returned function is called. */
  subscribe(send: Send): () => void {
    const reader = new PageReader(send);
    reader.take(this.#look());
    this.#readers.add(reader);
    this.#timer ??= setInterval(() => this.#tell(), EVERY_MS);
    return () => {
      this.#readers.delete(reader);
      if (this.#readers.size > 0) return;
      clearInterval(this.#timer);
      this.#timer = undefined;
    };
  }

  #tell(): void {
    const look = this.#look();
    for (const reader of this.#readers) reader.take(look);
  }

  #look(): Look {
    const { clusters, guide, messages } = this.#sources;
    return {
      clusters: clusters.map((source) => [source.name, source.read()] as const),
      steps: guide?.steps(messages),
    };
  }
}

/** What one page has been told. */
class PageReader {
  readonly #send: Send;
  readonly #told = new Map<string, string>();
  readonly #nodes = new Map<string, ReadonlyMap<string, string>>();

  constructor(send: Send) {
    this.#send = send;
  }

  take({ clusters, steps }: Look): void {
    for (const [name, view] of clusters) this.#takeCluster(name, view);
    if (steps !== undefined && this.#isNews('guide', steps)) this.#send('guide', { steps });
  }

  /** Nodes that are as they were are named only. */
  #takeCluster(name: string, { nodes, ...rest }: ClusterView): void {
    const before = this.#nodes.get(name);
    const after = new Map(nodes.map((node) => [node.id, JSON.stringify(node)]));
    this.#nodes.set(name, after);
    const changed = nodes.filter(({ id }) => before?.get(id) !== after.get(id));
    const order = [...after.keys()];
    const isRestNews = this.#isNews(`cluster ${name}`, { order, ...rest });
    if (changed.length === 0 && !isRestNews) return;
    this.#send('cluster', { name, order, nodes: changed, ...rest });
  }

  #isNews(what: string, value: unknown): boolean {
    const json = JSON.stringify(value);
    if (this.#told.get(what) === json) return false;
    this.#told.set(what, json);
    return true;
  }
}
