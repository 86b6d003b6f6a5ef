import type {
  OwnedMachine,
  ReplacementBaseline,
  ReplacementRequest,
} from '../../src/provider/provider.ts';
import { parsedNode } from './manifests.ts';
import type { StoredObject } from './object-server.ts';

export function requestFor(machine: OwnedMachine, manifest: StoredObject): ReplacementRequest {
  return {
    machine,
    node: parsedNode(manifest),
    idempotencyKey: `run-1/${manifest.metadata.uid}`,
    run: { id: 'run-1', traceId: '4bf92f', approvedBy: ['U0JUN'] },
    reason: 'kubelet flaps',
  };
}

export function baselineFor(
  machine: OwnedMachine,
  manifest: StoredObject,
  known: readonly StoredObject[],
): ReplacementBaseline {
  return {
    nodeUid: manifest.metadata.uid,
    nodeName: manifest.metadata.name,
    groupName: machine.group.name,
    desired: machine.group.desired,
    knownNodeUids: known.map(({ metadata }) => metadata.uid),
    machine: machine.object,
  };
}
