import type { Pod } from '../model/schemas.ts';
import { keyOf } from '../storage/store.ts';
import type { BackOff } from './back-off.ts';

/** How far a container's image is. Times in milliseconds since 1970. */
export type ImageProgress =
  | { readonly status: 'pulling' }
  | { readonly status: 'present'; readonly imageId: string; readonly at: number }
  | {
      readonly status: 'failed';
      readonly reason: string;
      readonly message: string;
      readonly at: number;
    };

/** What a kubelet remembers of a container, besides what stands in the pod's status. */
export interface ContainerRecord {
  image?: ImageProgress | undefined;
  pullBackOff?: BackOff;
  restartBackOff?: BackOff;
  /** It has ended, and is about to be started once more. */
  restarting?: boolean;
  startedAt?: number;
  endedAt?: number;
  /** When it was last said that the container is left alone for a while. */
  complainedAt?: number | undefined;
}

export interface PodRecord {
  readonly uid: string;
  readonly containers: Map<string, ContainerRecord>;
  stoppingSince?: number;
  /** It has been seen running. */
  known?: boolean;
}

/** What the kubelets remember of their pods; as with real ones, a restart forgets it. */
export class PodRecords {
  readonly #records = new Map<string, PodRecord>();

  of(pod: Pod): PodRecord {
    const key = keyOf(pod);
    const { uid } = pod.metadata;
    const known = this.#records.get(key);
    if (known?.uid === uid) return known;
    const record: PodRecord = { uid, containers: new Map() };
    this.#records.set(key, record);
    return record;
  }

  forget(key: string): void {
    this.#records.delete(key);
  }
}

export function containerRecord({ containers }: PodRecord, name: string): ContainerRecord {
  const known = containers.get(name);
  if (known !== undefined) return known;
  const record: ContainerRecord = {};
  containers.set(name, record);
  return record;
}
