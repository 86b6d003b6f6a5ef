import { isDeepStrictEqual } from 'node:util';
import { Node, Pod as PodKind, Volume, VolumeClaim } from '../model/kinds.ts';
import { isTerminating, type KubeObject } from '../model/objects.ts';
import type { Node as NodeObject, Pod } from '../model/schemas.ts';
import type { Change } from '../storage/history.ts';
import { assignedNode } from './assigned-pods.ts';
import type { Relief } from './filter.ts';

/** What a change may do for pods that found no node. */
export function reliefOf({ object, before, type }: Change): Relief | undefined {
  switch (object.kind) {
    case Node.kind:
      return hasNodeChanged(object as NodeObject, before) ? 'node' : undefined;
    case PodKind.kind:
      return podRelief(before as Pod | undefined, type === 'DELETED' ? undefined : (object as Pod));
    case Volume.kind:
    case VolumeClaim.kind:
      return 'volume';
    default:
      return undefined;
  }
}

/** Heartbeats and conditions are no reason to look again. */
function hasNodeChanged(node: NodeObject, before: KubeObject | undefined): boolean {
  const matters = ({ metadata, spec, status }: NodeObject) => [
    metadata.labels,
    spec,
    status?.allocatable,
  ];
  return before === undefined || !isDeepStrictEqual(matters(node), matters(before as NodeObject));
}

function podRelief(before: Pod | undefined, after: Pod | undefined): Relief | undefined {
  const wasOnNode = before !== undefined && assignedNode(before) !== undefined;
  const isOnNode = after !== undefined && assignedNode(after) !== undefined;
  if (wasOnNode && !isOnNode) return 'pod-gone';
  if (!(isOnNode && after)) return undefined;
  if (!(wasOnNode && before)) return 'pod-placed';
  const isGoing = isTerminating(after) && !isTerminating(before);
  if (isGoing || !isDeepStrictEqual(after.spec, before.spec)) return 'pod-gone';
  const relabelled = !isDeepStrictEqual(after.metadata.labels, before.metadata.labels);
  return relabelled ? 'pod-placed' : undefined;
}
