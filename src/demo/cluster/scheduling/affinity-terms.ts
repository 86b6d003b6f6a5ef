import type { PodAffinityTerm } from '../model/scheduling-schemas.ts';
import type { Pod } from '../model/schemas.ts';
import { selects } from '../model/selectors.ts';
import type { ClusterView } from './filter.ts';
import type { PodGroup } from './pod-groups.ts';

/** Terms of a pod's affinity to other pods, each with the namespaces that it looks into. */
export interface ResolvedTerm {
  readonly topologyKey: string;
  readonly namespaces: ReadonlySet<string>;
  selects(pod: Pod): boolean;
}

/** Without namespaces or a selector of them, a term looks into its own pod's namespace. */
export function resolveTerm(term: PodAffinityTerm, owner: Pod, cluster: ClusterView): ResolvedTerm {
  const named = term.namespaces ?? [];
  const { namespaceSelector } = term;
  const selected = namespaceSelector
    ? cluster.namespaces((labels) => selects(namespaceSelector, labels))
    : [];
  const own = named.length === 0 && !namespaceSelector ? [owner.metadata.namespace ?? ''] : [];
  const namespaces = new Set([...own, ...named, ...selected]);
  return {
    topologyKey: term.topologyKey,
    namespaces,
    selects: ({ metadata }) =>
      namespaces.has(metadata.namespace ?? '') && selects(term.labelSelector, metadata.labels),
  };
}

type Preference = 'podAffinity' | 'podAntiAffinity';

export function requiredTerms(pod: Pod, which: Preference): readonly PodAffinityTerm[] {
  return pod.spec.affinity?.[which]?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
}

/** Terms that are only preferred, with weights below 0 where the pod would rather be elsewhere. */
export function preferredTerms(
  pod: Pod,
): readonly { readonly weight: number; readonly term: PodAffinityTerm }[] {
  const of = (which: Preference, sign: 1 | -1) =>
    (pod.spec.affinity?.[which]?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(
      ({ weight, podAffinityTerm }) => ({ weight: sign * weight, term: podAffinityTerm }),
    );
  return [...of('podAffinity', 1), ...of('podAntiAffinity', -1)];
}

/** The pods on nodes that the term selects. */
export function* selectedBy(term: ResolvedTerm, cluster: ClusterView): Iterable<PodGroup> {
  for (const namespace of term.namespaces) {
    for (const group of cluster.assigned.inNamespace(namespace)) {
      if (term.selects(group.sample)) yield group;
    }
  }
}
