import type { NodeState } from '../workspace/page-server/cluster-view.ts';
import type { SeenMachine, SeenNode } from './seen-objects.ts';

/** For so long a node counts as new, in milliseconds. */
const NEW_MS = 3 * 60 * 1000;
/** Set by Karpenter when it is about to take a node away. */
const DISRUPTED_TAINT = 'karpenter.sh/disrupted';

/** What is to be said of a node, first things first. */
export function nodeStates(node: SeenNode, machine: SeenMachine | undefined, now: number) {
  const states: NodeState[] = [readiness(node)];
  if (isGoing(node, machine)) states.push('going away');
  if (node.spec.unschedulable === true) states.push('cordoned');
  if (now - Date.parse(node.metadata.creationTimestamp) < NEW_MS) states.push('new');
  return states;
}

/** A machine that has no node yet. */
export function machineStates({ metadata }: SeenMachine): NodeState[] {
  return metadata.deletionTimestamp === undefined ? ['booting'] : ['going away'];
}

/** Nothing to look at: Ready, and nothing else to say. */
export function isOrdinary(states: readonly NodeState[]): boolean {
  return states.length === 1 && states[0] === 'Ready';
}

export function isReady(node: SeenNode): boolean {
  return readiness(node) === 'Ready';
}

function readiness({ status }: SeenNode): NodeState {
  const ready = status.conditions.find(({ type }) => type === 'Ready')?.status;
  if (ready === 'True') return 'Ready';
  return ready === 'False' ? 'NotReady' : 'Unknown';
}

function isGoing(node: SeenNode, machine: SeenMachine | undefined): boolean {
  return (
    node.metadata.deletionTimestamp !== undefined ||
    machine?.metadata.deletionTimestamp !== undefined ||
    node.spec.taints.some(({ key }) => key === DISRUPTED_TAINT)
  );
}
