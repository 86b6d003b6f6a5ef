import type { NodeSelector, NodeSelectorTerm } from '../model/scheduling-schemas.ts';
import type { Node, Pod, PodSpec } from '../model/schemas.ts';
import { meetsAll } from '../model/selectors.ts';
import { type FilterRule, hopeless } from './filter.ts';

const mismatch = hopeless("node(s) didn't match Pod's node affinity/selector");

export const nodeAffinity: FilterRule = {
  reliefs: ['node'],
  prepare: ({ spec }) => {
    if (spec.nodeSelector === undefined && requiredOf(spec) === undefined) return undefined;
    return (node) => (wantsNode(spec, node) ? undefined : mismatch);
  },
};

/** nodeSelector and required node affinity. */
export function wantsNode(spec: PodSpec, node: Node): boolean {
  const labels = node.metadata.labels ?? {};
  const selector = Object.entries(spec.nodeSelector ?? {});
  if (!selector.every(([key, value]) => labels[key] === value)) return false;
  const required = requiredOf(spec);
  return required === undefined || meetsOne(required, node);
}

/** One of the terms holds. */
export function meetsOne({ nodeSelectorTerms }: NodeSelector, node: Node): boolean {
  return nodeSelectorTerms.some((term) => meetsTerm(term, node));
}

/** The weights of the preferences that the node meets, together. */
export function preferenceFor({ spec }: Pod, node: Node): number {
  const preferred = spec.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution;
  let total = 0;
  for (const { weight, preference } of preferred ?? []) {
    if (meetsTerm(preference, node)) total += weight;
  }
  return total;
}

/**
 * The nodes that a pod is meant for by name, as those of a DaemonSet are; undefined where a term leaves it open. The
 * scheduler does not even look at the others.
 */
export function pinnedTo(spec: PodSpec): ReadonlySet<string> | undefined {
  const terms = requiredOf(spec)?.nodeSelectorTerms ?? [];
  const named = terms.map(namesIn);
  if (named.length === 0 || named.includes(undefined)) return undefined;
  return new Set(named.flatMap((names) => names ?? []));
}

function namesIn({ matchFields = [] }: NodeSelectorTerm): readonly string[] | undefined {
  const lists = matchFields
    .filter(({ key, operator }) => key === 'metadata.name' && operator === 'In')
    .map(({ values }) => values ?? []);
  const [first, ...others] = lists;
  return first?.filter((name) => others.every((list) => list.includes(name)));
}

function requiredOf({ affinity }: PodSpec): NodeSelector | undefined {
  return affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
}

/** All expressions hold; a term without any matches no node. */
function meetsTerm({ matchExpressions = [], matchFields = [] }: NodeSelectorTerm, node: Node) {
  if (matchExpressions.length + matchFields.length === 0) return false;
  return (
    meetsAll(node.metadata.labels ?? {}, matchExpressions) &&
    meetsAll({ 'metadata.name': node.metadata.name }, matchFields)
  );
}
