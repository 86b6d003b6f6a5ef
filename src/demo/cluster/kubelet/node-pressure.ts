import { asKind, type Controller, type ControlPlane } from '../controllers/controller.ts';
import { Node as NodeKind, Pod as PodKind, KubeletState as StateKind } from '../model/kinds.ts';
import { parseQuantity } from '../model/quantities.ts';
import type { Node, Pod } from '../model/schemas.ts';
import { evictForMemory } from './evict-for-memory.ts';
import { kubeletEvent } from './kubelet-events.ts';
import { changeKubelet, kubeletState } from './kubelet-states.ts';
import { memoryUse, saysItsMemoryUse } from './memory-use.ts';

/** The kubelet's `evictionHard`: memory.available<100Mi. */
const thresholdBytes = 100 * 2 ** 20;
/** How often the eviction manager looks, and how long it says so after the last time: `evictionPressureTransitionPeriod`. */
const monitoringSeconds = 10;
const transitionSeconds = 300;

/** The kubelets' eviction managers: a node short of memory says so, and loses one pod after the other until it is not. */
export function createNodePressure(plane: ControlPlane): Controller {
  const { store, timings } = plane;
  const lastShort = new Map<string, number>();
  return {
    delayMs: timings.controllerMs,
    kinds: [PodKind, StateKind],
    keysOf: (change) => {
      const state = asKind(StateKind, change);
      if (state !== undefined) return [state.metadata.name];
      const pod = asKind(PodKind, change);
      return pod?.spec.nodeName !== undefined && saysItsMemoryUse(pod) ? [pod.spec.nodeName] : [];
    },
    reconcile: (name) => {
      const node = store.get(NodeKind, name);
      if (node === undefined || kubeletState(store, name).dead) return undefined;
      const availableBytes = availableOn(plane, node);
      if (availableBytes >= thresholdBytes) return recover(plane, node, lastShort.get(name) ?? 0);
      lastShort.set(name, store.clock.now());
      if (kubeletState(store, name).lowMemory !== true) beginPressure(plane, node);
      evictForMemory(plane, node, { availableBytes, thresholdBytes });
      return monitoringSeconds * timings.secondMs;
    },
  };
}

function isRunning(pod: Pod): boolean {
  return pod.status?.phase === 'Running';
}

function availableOn({ store }: ControlPlane, node: Node): number {
  const { name } = node.metadata;
  let used = parseQuantity(kubeletState(store, name).otherMemory);
  for (const pod of store.podsOnNode(PodKind, name).filter(isRunning)) {
    for (const container of pod.spec.containers) used += memoryUse(pod, container);
  }
  return parseQuantity(node.status?.capacity?.['memory']) - used;
}

function beginPressure(plane: ControlPlane, node: Node): void {
  tell(plane, node, true);
  const message = 'Attempting to reclaim memory';
  const place = { about: node, node };
  kubeletEvent(plane, place, { type: 'Warning', reason: 'EvictionThresholdMet', message });
}

/** Returns when to look again. */
function recover(plane: ControlPlane, node: Node, lastShort: number): number | undefined {
  const { store, timings } = plane;
  if (kubeletState(store, node.metadata.name).lowMemory !== true) return undefined;
  const leftMs = lastShort + transitionSeconds * timings.secondMs - store.clock.now();
  if (leftMs > 0) return leftMs;
  tell(plane, node, false);
  return undefined;
}

function tell(plane: ControlPlane, node: Node, lowMemory: boolean): void {
  const { name } = node.metadata;
  changeKubelet(plane.store, name, (state) => {
    state.lowMemory = lowMemory;
  });
  const reason = lowMemory ? 'NodeHasInsufficientMemory' : 'NodeHasSufficientMemory';
  const message = `Node ${name} status is now: ${reason}`;
  kubeletEvent(plane, { about: node, node }, { reason, message });
}
