import type { ControlPlane } from '../controllers/controller.ts';
import type { KubeObject } from '../model/objects.ts';
import type { Container, Node, Pod } from '../model/schemas.ts';

/** A pod on its node. */
export interface Place {
  readonly pod: Pod;
  readonly node: Node;
}

interface Said {
  readonly type?: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
}

/** The kubelet of `node` says something about an object. */
export function kubeletEvent(
  plane: ControlPlane,
  place: { readonly about: KubeObject; readonly node: Node; readonly fieldPath?: string },
  { type = 'Normal', reason, message }: Said,
): void {
  const { about, node, fieldPath } = place;
  plane.events.record(about, {
    type,
    reason,
    message,
    component: 'kubelet',
    host: node.metadata.name,
    ...(fieldPath === undefined ? {} : { fieldPath }),
  });
}

/** The kubelet says something about a container. */
export function containerEvent(
  plane: ControlPlane,
  place: Place & { readonly container: Container },
  said: Said,
): void {
  const { pod, node, container } = place;
  const list = pod.spec.containers.includes(container) ? 'containers' : 'initContainers';
  const fieldPath = `spec.${list}{${container.name}}`;
  kubeletEvent(plane, { about: pod, node, fieldPath }, said);
}
