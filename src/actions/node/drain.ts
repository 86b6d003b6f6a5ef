import { defineAction } from '../action.ts';
import { DrainInput } from './drain-input.ts';
import { eviction } from './evict-pod.ts';
import { executeDrain } from './execute-drain.ts';
import { planDrain } from './plan-drain.ts';
import { isRestart } from './surge-effect.ts';
import { restart } from './surge-restart.ts';

/**
 * Evicts the pods of a node, never past a disruption budget, and follows each until its workload has recovered. Where a
 * workload would be down meanwhile, and can be restarted instead, its new pod is brought up first.
 * There is no way here to delete a pod, or to force anything.
 * @see https://kubernetes.io/docs/tasks/administer-cluster/safely-drain-node/
 */
export const drainNode = defineAction<DrainInput>({
  name: 'node/drain',
  description:
    'Evicts the pods of a node, one of each workload at a time and never past a disruption budget; single pods get their successor first.',
  risk: 'destructive',
  input: DrainInput,
  outputs: ['pods', 'left', 'tiles'],
  plan: planDrain,
  execute: executeDrain,
  observe({ cluster, run, startedAt }, effect) {
    const change = isRestart(effect)
      ? restart(effect, { runId: run.id, at: startedAt })
      : eviction(effect);
    return change.observe(cluster);
  },
});
