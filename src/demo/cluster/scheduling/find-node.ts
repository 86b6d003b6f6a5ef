import type { Node, Pod } from '../model/schemas.ts';
import type { ClusterView, FilterRule, Misfit, NodeFilter, Relief } from './filter.ts';
import { nodeAffinity, pinnedTo } from './node-affinity.ts';
import { nodePorts, nodeResources } from './node-resources.ts';
import { bestNode } from './node-scores.ts';
import { interPodAffinity } from './pod-affinity.ts';
import { nodeUnschedulable, taintToleration } from './tolerations.ts';
import { topologySpread } from './topology-spread.ts';
import { volumeBinding, volumeRestrictions } from './volume-binding.ts';

/**
 * In the order of the real scheduler: of several reasons against a node it gives those of the first rule alone.
 * @see https://kubernetes.io/docs/reference/scheduling/config/#scheduling-plugins
 */
const rules: readonly FilterRule[] = [
  nodeUnschedulable,
  taintToleration,
  nodeAffinity,
  nodePorts,
  nodeResources,
  volumeRestrictions,
  volumeBinding,
  topologySpread,
  interPodAffinity,
];

export type Placement =
  | { readonly status: 'found'; readonly node: string }
  | { readonly status: 'none'; readonly message: string; readonly reliefs: ReadonlySet<Relief> };

/** Where the pod is to go, or why nowhere. */
export function findNode(pod: Pod, cluster: ClusterView): Placement {
  const count = cluster.nodes.length;
  if (count === 0) {
    return {
      status: 'none',
      message: 'no nodes available to schedule pods',
      reliefs: new Set(['node']),
    };
  }
  const prepared = prepare(pod, cluster);
  if (prepared.status === 'refused') {
    const message = explain(pod, { count, why: prepared.why, preemptible: 0 });
    return { status: 'none', message, reliefs: prepared.reliefs };
  }
  const { fitting, refusals } = sieve(pod, cluster, prepared.filters);
  const node = bestNode(pod, cluster, fitting);
  if (node !== undefined) return { status: 'found', node: node.metadata.name };
  const message = explain(pod, { count, why: refusals.text(), preemptible: refusals.preemptible });
  return { status: 'none', message, reliefs: refusals.reliefs };
}

interface ReadyFilter {
  readonly filter: NodeFilter;
  readonly rule: FilterRule;
}

type Prepared =
  | { readonly status: 'ready'; readonly filters: readonly ReadyFilter[] }
  | { readonly status: 'refused'; readonly why: string; readonly reliefs: ReadonlySet<Relief> };

/** Only the rules that the pod's wishes call for. */
function prepare(pod: Pod, cluster: ClusterView): Prepared {
  const filters: ReadyFilter[] = [];
  for (const rule of rules) {
    const filter = rule.prepare(pod, cluster);
    if (typeof filter === 'string') {
      return { status: 'refused', why: filter, reliefs: new Set(rule.reliefs) };
    }
    if (filter !== undefined) filters.push({ filter, rule });
  }
  return { status: 'ready', filters };
}

/** Counts why nodes are refused. */
class Refusals {
  readonly #counts = new Map<string, number>();
  readonly reliefs = new Set<Relief>(['node']);
  preemptible = 0;

  add(misfit: Misfit, rule: FilterRule): void {
    for (const reason of misfit.reasons) this.#count(reason);
    for (const relief of rule.reliefs) this.reliefs.add(relief);
    if (misfit.preemptible) this.preemptible += 1;
  }

  /** The node is not one of those that the pod names. */
  addUnnamed(): void {
    this.#count("node(s) didn't satisfy plugin(s) [NodeAffinity]");
  }

  text(): string {
    return histogram(this.#counts);
  }

  #count(reason: string): void {
    this.#counts.set(reason, (this.#counts.get(reason) ?? 0) + 1);
  }
}

function sieve(
  pod: Pod,
  cluster: ClusterView,
  filters: readonly ReadyFilter[],
): { readonly fitting: readonly Node[]; readonly refusals: Refusals } {
  const refusals = new Refusals();
  const fitting: Node[] = [];
  const named = pinnedTo(pod.spec);
  for (const node of cluster.nodes) {
    if (named !== undefined && !named.has(node.metadata.name)) {
      refusals.addUnnamed();
      continue;
    }
    if (passes(node, filters, refusals)) fitting.push(node);
  }
  return { fitting, refusals };
}

function passes(node: Node, filters: readonly ReadyFilter[], refusals: Refusals): boolean {
  for (const { filter, rule } of filters) {
    const misfit = filter(node);
    if (misfit === undefined) continue;
    refusals.add(misfit, rule);
    return false;
  }
  return true;
}

/** `2 Insufficient cpu, 1 node(s) were unschedulable`: sorted as texts, as the scheduler does. */
function histogram(counts: ReadonlyMap<string, number>): string {
  return [...counts]
    .map(([reason, count]) => `${count} ${reason}`)
    .sort()
    .join(', ');
}

/** In the words of Kubernetes 1.33. Nobody is preempted here: that no victim is found is what it says then. */
function explain(
  { spec }: Pod,
  nodes: { readonly count: number; readonly why: string; readonly preemptible: number },
): string {
  const { count, why, preemptible } = nodes;
  const none = `0/${count} nodes are available`;
  if (spec.preemptionPolicy === 'Never') {
    return `${none}: ${why}. preemption: not eligible due to preemptionPolicy=Never.`;
  }
  const victims = new Map([
    ['No preemption victims found for incoming pod', preemptible],
    ['Preemption is not helpful for scheduling', count - preemptible],
  ]);
  for (const [reason, times] of victims) if (times === 0) victims.delete(reason);
  return `${none}: ${why}. preemption: ${none}: ${histogram(victims)}.`;
}
