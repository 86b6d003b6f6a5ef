import type { Node, Pod, Taint, Toleration } from '../model/schemas.ts';
import { type FilterRule, hopeless } from './filter.ts';

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

/** How many taints ask pods with these tolerations to rather stay away. */
export function discouragingTaints(node: Node, tolerations: readonly Toleration[]): number {
  const soft = (node.spec?.taints ?? []).filter(({ effect }) => effect === 'PreferNoSchedule');
  return soft.filter((taint) => !toleratedBy(tolerations, taint)).length;
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

const cordonTaint: Taint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' };
const cordoned = hopeless('node(s) were unschedulable');

/** Heeds a cordon from the moment it is set: its taint comes a little later. */
export const nodeUnschedulable: FilterRule = {
  reliefs: ['node'],
  prepare: ({ spec }) => {
    if (toleratedBy(spec.tolerations ?? [], cordonTaint)) return undefined;
    return (node) => (node.spec?.unschedulable ? cordoned : undefined);
  },
};

export const taintToleration: FilterRule = {
  reliefs: ['node'],
  prepare:
    ({ spec }) =>
    (node) => {
      const taint = forbiddingTaint(node, spec.tolerations ?? []);
      if (taint === undefined) return undefined;
      return hopeless(`node(s) had untolerated taint {${taint.key}: ${taint.value ?? ''}}`);
    },
};
