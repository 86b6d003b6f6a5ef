import type { ControlPlane } from '../controllers/controller.ts';
import type { ContainerStatus } from '../model/container-schemas.ts';
import type { Container } from '../model/schemas.ts';
import type { ImageManager } from './image-manager.ts';
import type { Place } from './kubelet-events.ts';
import type { ContainerRecord } from './pod-records.ts';

export interface Kubelet {
  readonly plane: ControlPlane;
  readonly images: ImageManager;
}

/** One container on its node, what stands in the pod's status of it, and what is remembered of it. */
export interface ContainerPlace extends Place {
  readonly container: Container;
  readonly status: ContainerStatus;
  readonly record: ContainerRecord;
}

/** What a look at a container came to: its status from now on, and when to look again, in milliseconds. */
export interface Look {
  readonly status: ContainerStatus;
  readonly againMs?: number | undefined;
}
