import { controllerOf, isTerminating } from '../model/objects.ts';
import type { LabelSelector, SpreadConstraint } from '../model/scheduling-schemas.ts';
import type { Node, Pod } from '../model/schemas.ts';
import { selects } from '../model/selectors.ts';
import { type ClusterView, type FilterRule, hopeless, preemptible } from './filter.ts';
import { wantsNode } from './node-affinity.ts';
import { forbiddingTaint } from './tolerations.ts';
import { TopologyCounts } from './topology.ts';

const unevenText = "node(s) didn't match pod topology spread constraints";
const uneven = preemptible(unevenText);
const unlabelled = hopeless(`${unevenText} (missing required label)`);

/** Even where it must be: constraints that say DoNotSchedule. */
export const topologySpread: FilterRule = {
  reliefs: ['node', 'pod-gone', 'pod-placed'],
  prepare: (pod, cluster) => {
    const constraints = constraintsOf(pod, 'DoNotSchedule');
    if (constraints.length === 0) return undefined;
    const counts = constraints.map((each) => ({
      ...countsOf(each, constraints, { pod, cluster }),
      constraint: each,
    }));
    return (node) => {
      for (const { constraint, counted, most } of counts) {
        if (node.metadata.labels?.[constraint.topologyKey] === undefined) return unlabelled;
        if (counted.of(constraint.topologyKey, node) > most) return uneven;
      }
      return undefined;
    };
  },
};

interface Asked {
  readonly pod: Pod;
  readonly cluster: ClusterView;
}

/** How many pods each domain has, and the most that one may have without the pod being one too many. */
function countsOf(
  constraint: SpreadConstraint,
  all: readonly SpreadConstraint[],
  { pod, cluster }: Asked,
): { readonly counted: TopologyCounts; readonly most: number } {
  const selector = selectorOf(constraint, pod);
  const onNodes = matchingByNode(selector, { pod, cluster });
  const counted = new TopologyCounts(cluster);
  for (const node of cluster.nodes) {
    const labels = node.metadata.labels ?? {};
    if (!all.every(({ topologyKey }) => labels[topologyKey] !== undefined)) continue;
    if (!isCounted(constraint, pod, node)) continue;
    counted.add(constraint.topologyKey, node, onNodes.get(node.metadata.name) ?? 0);
  }
  const domains = [...counted.domains(constraint.topologyKey).values()];
  const fewDomains = domains.length < (constraint.minDomains ?? 1);
  const fewest = fewDomains ? 0 : Math.min(...domains);
  const itself = selects(selector, pod.metadata.labels) ? 1 : 0;
  return { counted, most: fewest + constraint.maxSkew - itself };
}

/** Which nodes make up the domains: by default those that the pod's node affinity allows, whatever their taints. */
function isCounted(constraint: SpreadConstraint, { spec }: Pod, node: Node): boolean {
  const { nodeAffinityPolicy = 'Honor', nodeTaintsPolicy = 'Ignore' } = constraint;
  if (nodeAffinityPolicy === 'Honor' && !wantsNode(spec, node)) return false;
  return (
    nodeTaintsPolicy === 'Ignore' || forbiddingTaint(node, spec.tolerations ?? []) === undefined
  );
}

function matchingByNode(selector: LabelSelector, { pod, cluster }: Asked): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { sample, onNodes } of cluster.assigned.inNamespace(pod.metadata.namespace ?? '')) {
    if (isTerminating(sample) || !selects(selector, sample.metadata.labels)) continue;
    for (const [node, count] of onNodes) counts.set(node, (counts.get(node) ?? 0) + count);
  }
  return counts;
}

/** `matchLabelKeys`: only pods that have the same values there, such as those of the same revision. */
function selectorOf({ labelSelector, matchLabelKeys }: SpreadConstraint, pod: Pod): LabelSelector {
  const same = (matchLabelKeys ?? []).flatMap((key) => {
    const value = pod.metadata.labels?.[key];
    return value === undefined ? [] : [{ key, operator: 'In', values: [value] }];
  });
  const nobody = [{ key: '', operator: 'Exists' }];
  const asked = labelSelector ?? { matchExpressions: nobody };
  return { ...asked, matchExpressions: [...(asked.matchExpressions ?? []), ...same] };
}

function constraintsOf(
  { spec }: Pod,
  when: SpreadConstraint['whenUnsatisfiable'],
): readonly SpreadConstraint[] {
  return (spec.topologySpreadConstraints ?? []).filter((each) => each.whenUnsatisfiable === when);
}

/**
 * How crowded the node is with the likes of the pod, by its constraints that say ScheduleAnyway. Without constraints of its
 * own, a pod is spread over nodes away from its siblings.
 */
export function crowding(pod: Pod, cluster: ClusterView): (node: Node) => number {
  if (pod.spec.topologySpreadConstraints === undefined) return siblingCounts(pod, cluster);
  const constraints = constraintsOf(pod, 'ScheduleAnyway');
  const counts = constraints.map((each) => countsOf(each, constraints, { pod, cluster }).counted);
  return (node) => {
    let crowd = 0;
    for (const counted of counts) crowd += counted.total(node);
    return crowd;
  };
}

function siblingCounts(pod: Pod, cluster: ClusterView): (node: Node) => number {
  const counts = new Map<string, number>();
  const owner = controllerOf(pod)?.uid;
  for (const sibling of owner === undefined ? [] : cluster.siblings(owner)) {
    const node = sibling.spec.nodeName ?? '';
    if (!isTerminating(sibling)) counts.set(node, (counts.get(node) ?? 0) + 1);
  }
  return (node) => counts.get(node.metadata.name) ?? 0;
}
