import type { Effect } from '../action.ts';
import { budgetName } from '../budget-outlook.ts';
import type { PodOnNode } from './pods-on-node.ts';

/** Of a pod that nothing recreates. */
const NO_OWNER = 'nothing';

/** Names and UIDs only, no counts: those change from one minute to the next without changing what is done. */
export function evictEffect({ pod, owner, budgets }: PodOnNode): Effect {
  const { namespace = 'default', name, uid } = pod.metadata;
  const keeper = owner === undefined || owner.missing ? NO_OWNER : `${owner.kind}/${owner.name}`;
  const [budget] = budgets;
  return {
    verb: 'evict',
    object: { kind: 'Pod', namespace, name, uid },
    before: {
      node: pod.spec.nodeName ?? '',
      owner: keeper,
      ...(budget && { budget: budgetName(budget) }),
    },
    after: { recreatedBy: keeper },
    risk: 'destructive',
  };
}

/** The owner that an eviction's effect names; undefined where nothing recreates the pod. */
export function ownerOfEffect({
  object,
  before,
}: Effect): { kind: string; namespace: string; name: string } | undefined {
  const { owner } = before;
  if (typeof owner !== 'string' || owner === NO_OWNER) return undefined;
  const [kind = '', name = ''] = owner.split('/');
  return { kind, name, namespace: object.namespace ?? 'default' };
}

/** What the pods that leave one after the other have in common; a pod that nothing recreates is alone. */
export function keeperOf(effect: Effect): string {
  const owner = ownerOfEffect(effect);
  return owner ? `${owner.kind} ${owner.namespace}/${owner.name}` : effect.object.uid;
}
