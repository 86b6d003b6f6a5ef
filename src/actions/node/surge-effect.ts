import { z } from 'zod';
import type { Deployment } from '../../kubernetes/resources/deployment.ts';
import type { Effect } from '../action.ts';
import { budgetName } from '../budget-outlook.ts';
import type { PodOnNode } from './pods-on-node.ts';

/** A Deployment whose new pod is to be Ready elsewhere before the one on the node goes. */
export interface Surge {
  readonly deployment: Deployment;
  /** Its pods on the node: one, or two amid a rollout. */
  readonly pods: readonly PodOnNode[];
}

const RESTART = 'restart';

/** Names and UIDs only, as of an eviction: what changes from one minute to the next is not part of what is done. */
export function restartEffect({ deployment, pods }: Surge): Effect {
  const { namespace = 'default', name, uid } = deployment.metadata;
  const node = pods[0]?.pod.spec.nodeName ?? '';
  const budgets = new Set(pods.flatMap((on) => on.budgets.map(budgetName)));
  return {
    verb: RESTART,
    object: { kind: 'Deployment', namespace, name, uid },
    before: {
      node,
      owner: `Deployment/${name}`,
      pods: pods.map(({ pod }) => ({ name: pod.metadata.name, uid: pod.metadata.uid })),
      ...(budgets.size > 0 && { budgets: [...budgets] }),
    },
    after: { pods: 'Ready on another node before these go' },
    risk: 'destructive',
  };
}

const Before = z.object({ pods: z.array(z.object({ name: z.string(), uid: z.string() })) });

/** The same change as it concerns each pod: a restart moves those of its Deployment off the node. */
export function effectsOnPods(effect: Effect): Effect[] {
  if (!isRestart(effect)) return [effect];
  const { namespace = 'default' } = effect.object;
  const { pods } = Before.parse(effect.before);
  return pods.map((pod) => ({ ...effect, object: { kind: 'Pod', namespace, ...pod } }));
}

export function isRestart({ verb }: Effect): boolean {
  return verb === RESTART;
}
