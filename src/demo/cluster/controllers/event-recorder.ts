import { EventKind } from '../model/kinds.ts';
import type { KubeObject } from '../model/objects.ts';
import type { Registry } from '../registry/registry.ts';
import type { Store } from '../storage/store.ts';

export interface EventText {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
  readonly component: string;
  /** The node, where a kubelet says it. */
  readonly host?: string;
  /** The part of the object, such as `spec.containers{main}`. */
  readonly fieldPath?: string;
}

/** How many recent events may still be counted up instead of written anew. */
const remembered = 4096;

/** Events older than this are gone, as on a real server, and so are the oldest when there are too many. */
const lifetimeMs = 60 * 60 * 1000;
const maximumEvents = 5000;

/** Writes Events; one that repeats is counted up. */
export class EventRecorder {
  readonly #registry: Registry;
  readonly #recent = new Map<string, string>();
  /** All Events, oldest first. */
  readonly #written: KubeObject[];

  constructor(registry: Registry) {
    this.#registry = registry;
    this.#written = [...registry.store.list(EventKind)];
    this.#written.sort((a, b) => lastSeen(a) - lastSeen(b));
  }

  record(about: KubeObject, text: EventText): void {
    const namespace = about.metadata.namespace ?? 'default';
    const { store } = this.#registry;
    const same = [about.metadata.uid, text.fieldPath, text.reason, text.message].join('|');
    const known = store.get(EventKind, this.#recent.get(same) ?? '', namespace);
    if (known === undefined) {
      this.#create(about, text, same);
      return;
    }
    store.change(known, (draft) => {
      draft['count'] = Number(draft['count']) + 1;
      draft['lastTimestamp'] = store.timestamp();
    });
  }

  #create(about: KubeObject, text: EventText, same: string): void {
    const { name, namespace, uid, resourceVersion } = about.metadata;
    const now = this.#registry.store.timestamp();
    const event = {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: `${name}.${eventSuffix(this.#registry.store)}` },
      involvedObject: {
        kind: about.kind,
        ...(namespace === undefined ? {} : { namespace }),
        name,
        uid,
        apiVersion: about.apiVersion,
        resourceVersion,
        ...(text.fieldPath === undefined ? {} : { fieldPath: text.fieldPath }),
      },
      reason: text.reason,
      message: text.message,
      source: {
        component: text.component,
        ...(text.host === undefined ? {} : { host: text.host }),
      },
      firstTimestamp: now,
      lastTimestamp: now,
      count: 1,
      type: text.type,
      eventTime: null,
      reportingComponent: text.component,
      reportingInstance: text.host ?? '',
    };
    try {
      const stored = this.#registry.create(EventKind, event, { namespace: namespace ?? 'default' });
      this.#remember(same, stored.metadata.name);
      this.#written.push(stored);
      this.#forgetOld();
    } catch {
      // An event is best effort: in a namespace that goes away there is none.
    }
  }

  #remember(same: string, name: string): void {
    this.#recent.set(same, name);
    const [oldest] = this.#recent.keys();
    if (this.#recent.size > remembered && oldest !== undefined) this.#recent.delete(oldest);
  }

  #forgetOld(): void {
    const { store } = this.#registry;
    for (;;) {
      const [oldest] = this.#written;
      if (oldest === undefined || !this.#isOver(oldest)) return;
      this.#written.shift();
      const { name, namespace } = oldest.metadata;
      const now = store.get(EventKind, name, namespace);
      if (now === undefined) continue;
      // One that has been counted up since is not as old as it was.
      if (lastSeen(now) > lastSeen(oldest) && !this.#isOver(now)) this.#written.push(now);
      else store.remove(now);
    }
  }

  #isOver(event: KubeObject): boolean {
    const { clock } = this.#registry.store;
    return this.#written.length > maximumEvents || clock.now() - lastSeen(event) > lifetimeMs;
  }
}

/** The time in nanoseconds, as client-go names Events, so that they sort by it; the revision tells those of one moment apart. */
function eventSuffix({ clock, revision }: Store): string {
  return (BigInt(clock.now()) * 1_000_000n + BigInt(revision % 1_000_000)).toString(16);
}

function lastSeen(event: KubeObject): number {
  return Date.parse(String(event['lastTimestamp'])) || 0;
}
