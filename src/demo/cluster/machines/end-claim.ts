import type { ControlPlane } from '../controllers/controller.ts';
import { dropFinalizer } from '../controllers/garbage-collector.ts';
import { NodeClaim as ClaimKind, Node as NodeKind } from '../model/kinds.ts';
import type { NodeClaim } from '../model/machine-schemas.ts';
import { isTerminating } from '../model/objects.ts';
import type { Node, Pod } from '../model/schemas.ts';
import { deleteObject } from '../registry/deletion.ts';
import { type ClaimCondition, isTrue, setClaimConditions } from './claim-conditions.ts';
import { drainNode, type StayingPod, taintNode } from './drain-node.ts';
import { infrastructure } from './infrastructure.ts';
import { switchOff } from './machine-nodes.ts';
import { nodeNameOf } from './planned-node.ts';
import type { Stopwatch } from './stopwatch.ts';

export const terminationFinalizer = 'karpenter.sh/termination';
const doNotDisrupt = 'karpenter.sh/do-not-disrupt';

/**
 * One step of a claim's end, in the order of Karpenter: taint, drain, volumes, instance, Node. Returns when to look again,
 * in milliseconds.
 */
export function endClaim(
  plane: ControlPlane,
  claim: NodeClaim,
  stopwatch: Stopwatch,
): number | undefined {
  const { store, timings } = plane;
  const node = store.get(NodeKind, nodeNameOf(claim));
  if (node !== undefined) {
    const staying = drain(plane, node);
    if (staying.length > 0) {
      const draining = { status: 'Unknown', reason: 'Draining', message: 'Draining' } as const;
      say(plane, claim, { type: 'Drained', ...draining });
      failToDrain(plane, node, staying);
      return timings.podStopMs + timings.controllerMs;
    }
    say(plane, claim, { type: 'Drained', status: 'True' });
    say(plane, claim, { type: 'VolumesDetached', status: 'True' });
  }
  if (isTrue(claim, 'Launched')) {
    say(plane, claim, { type: 'InstanceTerminating', status: 'True' });
    if (infrastructure(store).departure === 'hangs') return undefined;
    const leftMs = timings.machineStopMs - stopwatch.elapsedMs(`${claim.metadata.uid}/instance`);
    if (leftMs > 0) return leftMs;
    switchOff(plane, nodeNameOf(claim));
  }
  const current = store.get(ClaimKind, claim.metadata.name);
  if (current !== undefined) dropFinalizer(store, current, terminationFinalizer);
  return undefined;
}

function say({ store }: ControlPlane, { metadata }: NodeClaim, condition: ClaimCondition): void {
  const current = store.get(ClaimKind, metadata.name);
  if (current !== undefined) setClaimConditions(store, current, [condition]);
}

/** Its finalizer keeps the Node while it is drained. */
function drain(plane: ControlPlane, node: Node): StayingPod[] {
  taintNode(plane, node, { key: 'karpenter.sh/disrupted', effect: 'NoSchedule' });
  const tainted = plane.store.get(NodeKind, node.metadata.name) ?? node;
  const isKept = tainted.metadata.finalizers?.includes(terminationFinalizer) === true;
  if (isKept && !isTerminating(tainted)) {
    deleteObject(plane.store, { kind: NodeKind, object: tainted });
  }
  return drainNode(plane, tainted, isKeptFromDisruption);
}

function isKeptFromDisruption({ metadata }: Pod): boolean {
  return metadata.annotations?.[doNotDisrupt] === 'true';
}

function failToDrain(plane: ControlPlane, node: Node, staying: readonly StayingPod[]): void {
  plane.events.record(node, {
    type: 'Warning',
    reason: 'FailedDraining',
    message: `Failed to drain node, ${staying.length} pods are waiting to be evicted`,
    component: 'karpenter',
  });
}
