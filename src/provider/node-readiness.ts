import type { Node } from '../kubernetes/resources/node.ts';
import { conditionText } from './condition-text.ts';

/** Put on a node until something on it has started; whoever put it there takes it off. */
const STARTUP_TAINT = /(uninitialized|unregistered|not-ready|unreachable|network-unavailable)$/;

/** What a node still lacks before pods can come to it, in words; empty when it is ready for them. */
export function missingForPods(node: Node): string[] {
  return [...missingToRunPods(node), ...(node.spec.unschedulable ? ['cordoned'] : [])];
}

/** The same for a node that has taken pods before: that somebody has cordoned it since makes it no less a node. */
export function missingToRunPods(node: Node): string[] {
  const missing: string[] = [];
  const ready = node.status.conditions.find((condition) => condition.type === 'Ready');
  if (ready?.status !== 'True')
    missing.push(`not Ready (${ready ? conditionText(ready) : 'no report yet'})`);
  for (const taint of node.spec.taints) {
    if (taint.effect !== 'PreferNoSchedule' && STARTUP_TAINT.test(taint.key)) {
      missing.push(`tainted ${taint.key}`);
    }
  }
  if (node.metadata.deletionTimestamp) missing.push('being deleted');
  return missing;
}
