import { randomUUID } from 'node:crypto';
import type { ApiServer } from './api/api-server.ts';
import type { FaultRule } from './api/fault.ts';
import type { RequestRecord } from './api/request-log.ts';
import { type KubeletSwitches, kubeletSwitches } from './kubelet/switches.ts';
import { changeInfrastructure } from './machines/infrastructure.ts';
import type { Infrastructure } from './model/infrastructure-schemas.ts';
import { Crd, crdName, type Kind, kindNamed, Namespace } from './model/kinds.ts';
import type { KubeObject, Manifest } from './model/objects.ts';
import { admit, withDefaults } from './registry/defaults.ts';
import { validated } from './registry/validation.ts';
import type { Store } from './storage/store.ts';

/** The simulated cluster from behind: what no client of its API may do. */
export interface World extends KubeletSwitches {
  /**
   * Creates or replaces an object as an administrator would, without admission; fills in metadata and, where the manifest has
   * no status, a first one. Returns what is stored.
   */
  apply(manifest: Manifest): KubeObject;
  get(kind: string, name: string, namespace?: string): KubeObject | undefined;
  list(kind: string, namespace?: string): KubeObject[];
  /** Removes an object at once, past finalizers and grace periods. */
  remove(kind: string, name: string, namespace?: string): void;
  /** How new machines come, and old ones go, from now on; what is not named stays as it is. Survives a restart. */
  setInfrastructure(change: Partial<Infrastructure>): void;
  /** Forgets all changes up to now: watches from earlier resourceVersions get 410. */
  compactHistory(): void;
  /** Every request that changed something or tried to, in order. */
  readonly requests: readonly RequestRecord[];
  faults: FaultRule[];
}

export function createWorld(store: Store, server: ApiServer): World {
  return {
    apply: (manifest) => apply(store, manifest),
    get: (kind, name, namespace) => store.get(kindNamed(kind), name, namespace),
    list: (kind, namespace) => [...store.list(kindNamed(kind), namespace)],
    remove: (kind, name, namespace) => {
      const object = store.get(kindNamed(kind), name, namespace);
      if (object !== undefined) store.remove(object);
    },
    ...kubeletSwitches(store),
    setInfrastructure: (change) => changeInfrastructure(store, change),
    compactHistory: () => store.history.compact(),
    get requests() {
      return server.requests;
    },
    get faults() {
      return server.faults;
    },
    set faults(rules) {
      server.faults = rules;
    },
  };
}

/** @throws ApiError 422 where the manifest does not fit its kind; Error where the kind is not simulated */
export function apply(store: Store, manifest: Manifest): KubeObject {
  const kind = kindNamed(manifest.kind);
  const { name = '', namespace } = manifest.metadata;
  ensureHome(store, kind, namespace);
  const before = store.get(kind, name, namespace);
  const metadata = {
    ...manifest.metadata,
    uid: manifest.metadata.uid ?? before?.metadata.uid ?? randomUUID(),
    creationTimestamp:
      manifest.metadata.creationTimestamp ??
      before?.metadata.creationTimestamp ??
      store.timestamp(),
    ...(kind.generation ? { generation: (before?.metadata.generation ?? 0) + 1 } : {}),
  };
  const whole = withDefaults(validated(kind, { ...manifest, metadata }));
  const status = manifest.status ?? before?.status;
  const object = status === undefined ? admit(whole) : { ...whole, status };
  return store.put(validated(kind, object));
}

/** A namespace, or the definition of a custom kind, is made where a manifest needs one. */
function ensureHome(store: Store, kind: Kind, namespace: string | undefined): void {
  if (namespace !== undefined && store.get(Namespace, namespace) === undefined) {
    apply(store, {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: namespace },
      status: { phase: 'Active' },
    });
  }
  if (kind.custom && store.get(Crd, crdName(kind)) === undefined) {
    apply(store, customResourceDefinition(kind));
  }
}

function customResourceDefinition(kind: Kind): Manifest {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: crdName(kind) },
    spec: {
      group: kind.group,
      names: { kind: kind.kind, plural: kind.plural, shortNames: kind.shortNames },
      scope: kind.namespaced ? 'Namespaced' : 'Cluster',
      versions: [{ name: kind.version, served: true, storage: true }],
    },
    status: { conditions: [{ type: 'Established', status: 'True' }] },
  };
}
