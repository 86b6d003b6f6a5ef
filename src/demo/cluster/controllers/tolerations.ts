import type { Node, Pod, Taint, Toleration } from '../model/schemas.ts';

function tolerates(toleration: Toleration, taint: Taint): boolean {
  const { key = '', operator = 'Equal', value = '', effect = '' } = toleration;
  if (effect !== '' && effect !== taint.effect) return false;
  if (key === '') return operator === 'Exists';
  return key === taint.key && (operator === 'Exists' || value === (taint.value ?? ''));
}

function toleratedBy(tolerations: readonly Toleration[], taint: Taint): boolean {
  return tolerations.some((toleration) => tolerates(toleration, taint));
}

/** The first taint that keeps new pods with these tolerations away from the node. */
export function forbiddingTaint(node: Node, tolerations: readonly Toleration[]): Taint | undefined {
  return (node.spec?.taints ?? []).find(
    (taint) => taint.effect !== 'PreferNoSchedule' && !toleratedBy(tolerations, taint),
  );
}

/**
 * How long the pod may stay on a node with these taints, in seconds from the taint's time: 0 where it must go at once,
 * Infinity where it may stay.
 */
export function staySeconds(pod: Pod, taint: Taint): number {
  const tolerations = pod.spec.tolerations ?? [];
  const fitting = tolerations.filter((toleration) => tolerates(toleration, taint));
  if (fitting.length === 0) return 0;
  return Math.min(...fitting.map((each) => each.tolerationSeconds ?? Number.POSITIVE_INFINITY));
}
