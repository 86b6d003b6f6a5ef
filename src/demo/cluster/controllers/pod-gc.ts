import { Node as NodeKind, Pod as PodKind } from '../model/kinds.ts';
import { conditionStatus, isTerminating } from '../model/objects.ts';
import type { Node } from '../model/schemas.ts';
import { asKind, type Controller, type ControlPlane } from './controller.ts';

/** Clears away pods whose node is gone, or is declared out of service: nobody else can confirm that they have stopped. */
export function createPodGc(plane: ControlPlane): Controller {
  const { store, timings } = plane;
  return {
    delayMs: timings.podGcMs,
    kinds: [PodKind],
    keysOf: (change) => {
      const name =
        asKind(NodeKind, change)?.metadata.name ?? asKind(PodKind, change)?.spec.nodeName;
      return name !== undefined && isLost(store.get(NodeKind, name)) ? [name] : [];
    },
    reconcile: (name) => {
      const node = store.get(NodeKind, name);
      if (!isLost(node)) return undefined;
      for (const pod of store.podsOnNode(PodKind, name)) {
        if (node === undefined || isTerminating(pod)) store.remove(pod);
      }
      return undefined;
    },
  };
}

function isLost(node: Node | undefined): boolean {
  return node === undefined || isOutOfService(node);
}

function isOutOfService(node: Node): boolean {
  const tainted = node.spec?.taints?.some(
    (taint) => taint.key === 'node.kubernetes.io/out-of-service',
  );
  return tainted === true && conditionStatus(node.status?.conditions, 'Ready') !== 'True';
}
