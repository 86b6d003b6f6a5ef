import type { JsonPatchOperation } from '../../kubernetes/kubernetes.ts';
import type { Node } from '../../kubernetes/resources/node.ts';

/** Says on the node which run cordoned it. Only while it stands may that run lift the cordon. */
export const CORDON_MARK = 'handrail.dev/cordoned-by';
const MARK_PATH = `/metadata/annotations/${CORDON_MARK.replaceAll('/', '~1')}`;

/** Who cordoned a node, in words; undefined where it is not cordoned. */
export function cordonedBy(node: Node): string | undefined {
  if (!node.spec.unschedulable) return undefined;
  const run = node.metadata.annotations[CORDON_MARK];
  return run === undefined ? 'somebody else (it bears no mark of ours)' : `run ${run}`;
}

export function isCordonedBy(node: Node, runId: string): boolean {
  return node.spec.unschedulable && node.metadata.annotations[CORDON_MARK] === runId;
}

/** Holds for the node with this UID only, never for a namesake. */
export function cordonPatch(node: Node, runId: string): JsonPatchOperation[] {
  return [
    { op: 'test', path: '/metadata/uid', value: node.metadata.uid },
    ...markOperations(node, runId),
    { op: 'add', path: '/spec/unschedulable', value: true },
  ];
}

function markOperations({ metadata }: Node, runId: string): JsonPatchOperation[] {
  if (Object.keys(metadata.annotations).length > 0) {
    return [{ op: 'add', path: MARK_PATH, value: runId }];
  }
  // The map itself has to be made; that nobody else makes one meanwhile, only the version can tell.
  return [
    { op: 'test', path: '/metadata/resourceVersion', value: metadata.resourceVersion },
    { op: 'add', path: '/metadata/annotations', value: { [CORDON_MARK]: runId } },
  ];
}

/** Holds only while the mark is that of this run. */
export function uncordonPatch(node: Node, runId: string): JsonPatchOperation[] {
  const lift: JsonPatchOperation = { op: 'add', path: '/spec/unschedulable', value: false };
  return [
    { op: 'test', path: '/metadata/uid', value: node.metadata.uid },
    { op: 'test', path: MARK_PATH, value: runId },
    { op: 'remove', path: MARK_PATH },
    ...(node.spec.unschedulable ? [lift] : []),
  ];
}
