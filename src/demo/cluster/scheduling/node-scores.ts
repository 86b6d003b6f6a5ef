import type { Node, Pod } from '../model/schemas.ts';
import type { ClusterView } from './filter.ts';
import { preferenceFor } from './node-affinity.ts';
import { shareLeft } from './node-resources.ts';
import { companyScore } from './pod-affinity.ts';
import { discouragingTaints } from './tolerations.ts';
import { crowding } from './topology-spread.ts';

interface Score {
  /** As the real scheduler weighs its plugins. */
  readonly weight: number;
  of(node: Node): number;
}

/** The node that suits the pod best; where several do, the first by name, so that a run can be repeated. */
export function bestNode(pod: Pod, cluster: ClusterView, nodes: readonly Node[]): Node | undefined {
  if (nodes.length <= 1) return nodes[0];
  const totals = nodes.map((node) =>
    shareLeft(pod, node, cluster.assigned.usage(node.metadata.name)),
  );
  for (const { weight, of } of wishes(pod, cluster)) {
    const values = nodes.map(of);
    const least = min(values);
    const range = max(values) - least;
    if (range === 0) continue;
    for (const [index, value] of values.entries()) {
      totals[index] = (totals[index] ?? 0) + (weight * (value - least)) / range;
    }
  }
  return nodes[totals.indexOf(max(totals))];
}

/** Each is brought to a range from 0 to 1 over the nodes in question. */
function wishes(pod: Pod, cluster: ClusterView): Score[] {
  const { spec } = pod;
  const tolerations = spec.tolerations ?? [];
  const company = companyScore(pod, cluster);
  const crowd = crowding(pod, cluster);
  const scores: Score[] = [
    { weight: 3, of: (node) => -discouragingTaints(node, tolerations) },
    { weight: 2, of: (node) => -crowd(node) },
  ];
  if (spec.affinity?.nodeAffinity !== undefined) {
    scores.push({ weight: 2, of: (node) => preferenceFor(pod, node) });
  }
  if (company !== undefined) scores.push({ weight: 2, of: company });
  return scores;
}

// Not Math.min(...values): a call does not take any number of arguments.
function min(values: readonly number[]): number {
  let least = Number.POSITIVE_INFINITY;
  for (const value of values) if (value < least) least = value;
  return least;
}

function max(values: readonly number[]): number {
  return -min(values.map((value) => -value));
}
