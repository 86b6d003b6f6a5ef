import { EventKind } from '../model/kinds.ts';
import { randomSuffix } from '../model/names.ts';
import { type KubeObject, timestamp } from '../model/objects.ts';
import type { Registry } from '../registry/registry.ts';

export interface EventText {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
  readonly component: string;
}

/** How many recent events may still be counted up instead of written anew. */
const remembered = 4096;

/** Writes Events; one that repeats is counted up. */
export class EventRecorder {
  readonly #registry: Registry;
  readonly #recent = new Map<string, string>();

  constructor(registry: Registry) {
    this.#registry = registry;
  }

  record(about: KubeObject, text: EventText): void {
    const namespace = about.metadata.namespace ?? 'default';
    const { store } = this.#registry;
    const same = [about.metadata.uid, text.reason, text.message].join('|');
    const known = store.get(EventKind, this.#recent.get(same) ?? '', namespace);
    if (known === undefined) {
      this.#create(about, text, same);
      return;
    }
    store.change(known, (draft) => {
      draft['count'] = Number(draft['count']) + 1;
      draft['lastTimestamp'] = timestamp();
    });
  }

  #create(about: KubeObject, text: EventText, same: string): void {
    const { name, namespace, uid, resourceVersion } = about.metadata;
    const now = timestamp();
    const event = {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: `${name}.${randomSuffix(16)}` },
      involvedObject: {
        kind: about.kind,
        ...(namespace === undefined ? {} : { namespace }),
        name,
        uid,
        apiVersion: about.apiVersion,
        resourceVersion,
      },
      reason: text.reason,
      message: text.message,
      source: { component: text.component },
      firstTimestamp: now,
      lastTimestamp: now,
      count: 1,
      type: text.type,
      eventTime: null,
      reportingComponent: text.component,
      reportingInstance: '',
    };
    try {
      const stored = this.#registry.create(EventKind, event, { namespace: namespace ?? 'default' });
      this.#remember(same, stored.metadata.name);
    } catch {
      // An event is best effort: in a namespace that goes away there is none.
    }
  }

  #remember(same: string, name: string): void {
    this.#recent.set(same, name);
    const [oldest] = this.#recent.keys();
    if (this.#recent.size > remembered && oldest !== undefined) this.#recent.delete(oldest);
  }
}
