import type { ListOptions, ObjectName, ResourceType } from '../kubernetes/kubernetes.ts';
import type { Metadata } from '../kubernetes/resources/metadata.ts';

/** An object as the API keeps it. */
export interface Stored {
  readonly metadata: Metadata;
}

/** What can be read of a cluster: by a call each time, or from what watches keep in memory. */
export interface ClusterReader {
  find<T extends Stored>(type: ResourceType<T>, object: ObjectName): Promise<T | undefined>;
  list<T extends Stored>(type: ResourceType<T>, options?: ListOptions): Promise<readonly T[]>;
}
