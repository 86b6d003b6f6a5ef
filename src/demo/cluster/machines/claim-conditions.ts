import type { NodeClaim } from '../model/machine-schemas.ts';
import { type Condition, conditionStatus, withCondition } from '../model/objects.ts';
import type { Store } from '../storage/store.ts';
import { nodeNameOf } from './planned-node.ts';

/** Those that make a claim Ready; each stays true once it is. */
const arrival = ['Launched', 'Registered', 'Initialized'] as const;

export interface ClaimCondition {
  readonly type: (typeof arrival)[number] | 'Drained' | 'VolumesDetached' | 'InstanceTerminating';
  readonly status: 'True' | 'Unknown';
  /** By default what the type is called, as Karpenter writes it. */
  readonly reason?: string;
  readonly message?: string;
}

export function isTrue(claim: NodeClaim, type: ClaimCondition['type']): boolean {
  return conditionStatus(claim.status?.conditions, type) === 'True';
}

/** Writes conditions of a claim in Karpenter's words, with what follows from them. Returns what is stored. */
export function setClaimConditions(
  store: Store,
  claim: NodeClaim,
  changes: readonly ClaimCondition[],
): NodeClaim {
  const at = store.timestamp();
  return store.change(claim, (draft) => {
    let conditions: Condition[] = draft.status?.conditions ?? [];
    for (const { type, status, reason = type, message = '' } of changes) {
      conditions = withCondition(conditions, { type, status, reason, message }, at);
    }
    conditions = withCondition(conditions, readiness(conditions), at);
    const registered = conditionStatus(conditions, 'Registered') === 'True';
    draft.status = {
      ...draft.status,
      ...(registered ? { nodeName: nodeNameOf(claim) } : {}),
      conditions,
    };
  });
}

function readiness(conditions: readonly Condition[]): Condition {
  const open = arrival.filter((type) => conditionStatus(conditions, type) !== 'True');
  if (open.length === 0) return { type: 'Ready', status: 'True', reason: 'Ready', message: '' };
  const message = open
    .map((type) => `${type}=${conditionStatus(conditions, type) ?? 'Unknown'}`)
    .join(', ');
  return { type: 'Ready', status: 'Unknown', reason: 'ReconcilingDependents', message };
}
