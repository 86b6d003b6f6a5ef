import type { Kind } from '../model/kinds.ts';
import type { KubeObject } from '../model/objects.ts';
import type { Registry } from '../registry/registry.ts';
import type { Change } from '../storage/history.ts';
import type { Store } from '../storage/store.ts';
import type { Timings } from '../timings.ts';
import type { EventRecorder } from './event-recorder.ts';
import { WorkQueue } from './work-queue.ts';

/** What every controller works with. */
export interface ControlPlane {
  readonly store: Store;
  readonly registry: Registry;
  readonly timings: Timings;
  readonly events: EventRecorder;
}

export interface Controller {
  readonly delayMs: number;
  /** The keys that a change concerns. */
  keysOf(change: Change): readonly string[];
  /** Brings the world one step closer to what is wished; idempotent. Returns when to look again, in milliseconds. */
  reconcile(key: string): number | undefined;
  /** The kinds whose objects are looked at when the controller starts. */
  readonly kinds: readonly Kind[];
}

/** Runs a controller until the returned function is called. */
export function runController(store: Store, controller: Controller): () => void {
  const queue = new WorkQueue(store.clock, controller.delayMs, (key) => controller.reconcile(key));
  const stop = store.onChange((change) => {
    for (const key of controller.keysOf(change)) queue.add(key);
  });
  for (const kind of controller.kinds) {
    for (const object of store.list(kind)) {
      const change: Change = { type: 'ADDED', revision: store.revision, object };
      for (const key of controller.keysOf(change)) queue.add(key);
    }
  }
  return () => {
    stop();
    queue.stop();
  };
}

/** The object of a change as this kind, if it is one. */
export function asKind<T extends KubeObject>(kind: Kind<T>, change: Change): T | undefined {
  // The store holds under a kind only what has passed its schema.
  return change.object.kind === kind.kind ? (change.object as T) : undefined;
}

export function splitKey(key: string): { namespace: string; name: string } {
  const [namespace = '', name = ''] = key.split('/');
  return { namespace, name };
}
