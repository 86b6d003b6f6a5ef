import type { PlanContext } from '../src/actions/action.ts';
import { drainNode } from '../src/actions/node/drain.ts';
import { systemClock } from '../src/clock.ts';
import { connectCluster } from '../src/kubernetes/connect-cluster.ts';
import { createMachineProviders } from '../src/provider/find-owner.ts';
import { emptyMemory, executeContext } from '../test/actions/execute-context.ts';
import { type MeasuredCluster, NODE } from './measured-cluster.ts';

/** Plans now, and returns what carries the plan out. */
export async function planByHandrail(
  { kubeconfig }: MeasuredCluster,
  options: { readonly maxParallel?: number } = {},
): Promise<() => Promise<void>> {
  const input = drainNode.input.parse({ node: NODE, ...options });
  const context: PlanContext = {
    cluster: connectCluster({ name: 'bench', kubeconfig, context: 'bench', inCluster: false }),
    clusterSettings: {
      name: 'bench',
      region: 'bench',
      leaseNamespace: 'handrail',
      provider: 'auto',
      tiles: [],
      criticalNamespaces: [],
    },
    providers: createMachineProviders({}),
    clock: systemClock,
    accepted: new Set(),
    earlier: [],
  };
  const { effects, blockers } = await drainNode.plan(context, input);
  if (blockers.length > 0) throw new Error(blockers.map(({ text }) => text).join(' '));
  return async () => {
    const memory = emptyMemory();
    await drainNode.execute(executeContext(context, { memory, approved: effects }), input);
  };
}
