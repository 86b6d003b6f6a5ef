import type { Warning } from '../action.ts';
import { outlookOf } from '../budget-outlook.ts';
import { gitOpsToolOf } from '../git-ops.ts';
import { ownerText } from '../owners.ts';
import { podName } from '../pod-state.ts';
import { type Fate, leavesByRestart } from './judge-pod.ts';
import type { Surge } from './surge-effect.ts';

/** What an approver should know of the Deployments that are restarted. */
export function surgeWarnings(restarts: readonly Surge[], fates: readonly Fate[]): Warning[] {
  return [...keptBudgets(fates), ...restarts.flatMap(gitOps)];
}

/** The Eviction API is not asked, so it has to be said why the budget is kept. */
function keptBudgets(fates: readonly Fate[]): Warning[] {
  return fates.flatMap((fate) => {
    const { owner, pod, budgets } = fate.on;
    const outlook = outlookOf(pod, budgets);
    if (!leavesByRestart(fate) || owner === undefined || outlook.status !== 'never') return [];
    const text = `${podName(pod)} can never be evicted (${outlook.why}). ${ownerText(owner)} is restarted instead, and has its new pod Ready before the old one goes: at no time does it have fewer.`;
    return [{ code: 'moved_by_restart', text }];
  });
}

function gitOps({ deployment }: Surge): Warning[] {
  const tool = gitOpsToolOf({ kind: 'Deployment', metadata: deployment.metadata });
  if (tool === undefined) return [];
  const { namespace = 'default', name } = deployment.metadata;
  const text = `Deployment ${namespace}/${name} is kept by ${tool}. The restart writes annotations into its pod template that Git does not have: ${tool} usually leaves such alone; where it removes them, the Deployment is rolled out once more.`;
  return [{ code: 'gitops_managed', text }];
}
