import type { PodAffinityTerm } from '../model/scheduling-schemas.ts';
import type { Node, Pod } from '../model/schemas.ts';
import {
  preferredTerms,
  type ResolvedTerm,
  requiredTerms,
  resolveTerm,
  selectedBy,
} from './affinity-terms.ts';
import {
  type ClusterView,
  type FilterRule,
  hopeless,
  type NodeFilter,
  preemptible,
} from './filter.ts';
import { TopologyCounts } from './topology.ts';

const noCompany = hopeless("node(s) didn't match pod affinity rules");
const badCompany = preemptible("node(s) didn't match pod anti-affinity rules");
const unwelcome = preemptible("node(s) didn't satisfy existing pods anti-affinity rules");

/** Where a pod must be with others, must not be, and where others do not want it. */
export const interPodAffinity: FilterRule = {
  reliefs: ['node', 'pod-gone', 'pod-placed'],
  prepare: (pod, cluster) => {
    const filters = [
      companyFilter(pod, cluster),
      avoidanceFilter(pod, cluster),
      welcomeFilter(pod, cluster),
    ].filter((filter) => filter !== undefined);
    if (filters.length === 0) return undefined;
    return (node) => {
      for (const filter of filters) {
        const misfit = filter(node);
        if (misfit !== undefined) return misfit;
      }
      return undefined;
    };
  },
};

function companyFilter(pod: Pod, cluster: ClusterView): NodeFilter | undefined {
  const terms = resolve(requiredTerms(pod, 'podAffinity'), pod, cluster);
  const [first] = terms;
  if (first === undefined) return undefined;
  const counts = new TopologyCounts(cluster);
  for (const group of selectedBy(first, cluster)) {
    // Only a pod that all terms select counts for any of them.
    if (!terms.every((term) => term.selects(group.sample))) continue;
    for (const { topologyKey } of terms) counts.addPods(topologyKey, group);
  }
  // The first of a group that wants to be together would else wait for itself.
  const isFirst = counts.isEmpty && terms.every((term) => term.selects(pod));
  return (node) => {
    const labelled = terms.every(({ topologyKey }) => hasLabel(node, topologyKey));
    const together = isFirst || terms.every(({ topologyKey }) => counts.of(topologyKey, node) > 0);
    return labelled && together ? undefined : noCompany;
  };
}

function avoidanceFilter(pod: Pod, cluster: ClusterView): NodeFilter | undefined {
  const terms = resolve(requiredTerms(pod, 'podAntiAffinity'), pod, cluster);
  const counts = new TopologyCounts(cluster);
  for (const term of terms) {
    for (const group of selectedBy(term, cluster)) counts.addPods(term.topologyKey, group);
  }
  return counts.isEmpty ? undefined : (node) => (counts.total(node) > 0 ? badCompany : undefined);
}

function welcomeFilter(pod: Pod, cluster: ClusterView): NodeFilter | undefined {
  const counts = new TopologyCounts(cluster);
  for (const group of cluster.assigned.withAffinity) {
    const { sample } = group;
    for (const term of resolve(requiredTerms(sample, 'podAntiAffinity'), sample, cluster)) {
      if (term.selects(pod)) counts.addPods(term.topologyKey, group);
    }
  }
  return counts.isEmpty ? undefined : (node) => (counts.total(node) > 0 ? unwelcome : undefined);
}

/** How much the pod, and the pods on nodes, would like it on the node; undefined where nobody cares. */
export function companyScore(pod: Pod, cluster: ClusterView): ((node: Node) => number) | undefined {
  const counts = new TopologyCounts(cluster);
  for (const { weight, term } of preferredTerms(pod)) {
    for (const group of selectedBy(resolveTerm(term, pod, cluster), cluster)) {
      counts.addPods(term.topologyKey, group, weight);
    }
  }
  for (const group of cluster.assigned.withAffinity) {
    for (const { weight, term } of wishesOf(group.sample)) {
      if (!resolveTerm(term, group.sample, cluster).selects(pod)) continue;
      counts.addPods(term.topologyKey, group, weight);
    }
  }
  return counts.isEmpty ? undefined : (node) => counts.total(node);
}

/** What a pod that needs others nearby is glad about weighs 1. */
function wishesOf(
  pod: Pod,
): readonly { readonly weight: number; readonly term: PodAffinityTerm }[] {
  const needed = requiredTerms(pod, 'podAffinity').map((term) => ({ weight: 1, term }));
  return [...needed, ...preferredTerms(pod)];
}

function resolve(
  terms: readonly PodAffinityTerm[],
  owner: Pod,
  cluster: ClusterView,
): ResolvedTerm[] {
  return terms.map((term) => resolveTerm(term, owner, cluster));
}

function hasLabel({ metadata }: Node, key: string): boolean {
  return metadata.labels?.[key] !== undefined;
}
