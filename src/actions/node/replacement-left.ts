import { Node } from '../../kubernetes/resources/node.ts';
import type { ReplacementBaseline, ReplacementState } from '../../provider/provider.ts';
import type { ExecuteContext } from '../action.ts';
import { counted } from '../words.ts';
import { readinessOfNode } from './node-state.ts';
import type { Unreplaced } from './replacement-errors.ts';

/** How far the replacement came, for the person who has to see to the rest. */
export async function whatIsLeft(
  { cluster }: ExecuteContext,
  baseline: ReplacementBaseline,
  state: Extract<ReplacementState, { next?: string }>,
): Promise<Unreplaced> {
  const { nodeName, nodeUid, groupName } = baseline;
  const node = await cluster.find(Node, { name: nodeName });
  const isThere = node?.metadata.uid === nodeUid;
  const { detail, missing, next } = state;
  const group = `group ${groupName}`;
  const short =
    missing === undefined
      ? []
      : [
          missing === 0
            ? `${group} has all its nodes`
            : `${group} is ${counted(missing, 'node')} short`,
        ];
  return {
    node: nodeName,
    detail,
    left: [isThere ? describe(node) : `node ${nodeName} is gone`, ...short],
    next: next ?? 'Look at the provider, then run the runbook again for what is still to be done.',
  };
}

function describe(node: Node): string {
  const { name, deletionTimestamp } = node.metadata;
  const ready = readinessOfNode(node);
  const states = [
    ...(node.spec.unschedulable ? ['cordoned'] : []),
    ...(deletionTimestamp === undefined ? [] : ['being deleted']),
    ready === 'True' ? 'Ready' : `not Ready (${ready})`,
  ];
  return `node ${name} is still there, ${states.join(', ')}`;
}
