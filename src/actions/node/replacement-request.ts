import type { Node } from '../../kubernetes/resources/node.ts';
import type { OwnedMachine, ReplacementRequest } from '../../provider/provider.ts';
import type { RunFacts } from '../action.ts';

/** The same for the same run and node, however often it is asked. */
export function replacementRequest(
  run: RunFacts,
  { machine, node }: { machine: OwnedMachine; node: Node },
): ReplacementRequest {
  return {
    machine,
    node,
    idempotencyKey: `${run.id}/${node.metadata.uid}`,
    run: { id: run.id, traceId: run.traceId, approvedBy: run.approvedBy },
    reason: `${run.runbook} on ${node.metadata.name}, asked for by ${run.requester}`,
  };
}
