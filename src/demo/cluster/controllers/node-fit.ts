import { parseQuantity } from '../model/quantities.ts';
import type { Node, NodeSelectorTerm, Pod, PodSpec } from '../model/schemas.ts';
import { meetsAll } from '../model/selectors.ts';
import { forbiddingTaint } from './tolerations.ts';

export interface Amounts {
  readonly cpu: number;
  readonly memory: number;
  readonly pods: number;
}

const none: Amounts = { cpu: 0, memory: 0, pods: 0 };

export function requestsOf(pod: Pod): Amounts {
  let { cpu, memory } = none;
  for (const { resources } of pod.spec.containers) {
    cpu += parseQuantity(resources?.requests?.['cpu']);
    memory += parseQuantity(resources?.requests?.['memory']);
  }
  return { cpu, memory, pods: 1 };
}

/** nodeSelector and required node affinity. */
export function wantsNode(spec: PodSpec, node: Node): boolean {
  const labels = node.metadata.labels ?? {};
  const selector = Object.entries(spec.nodeSelector ?? {});
  if (!selector.every(([key, value]) => labels[key] === value)) return false;
  const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  if (required === undefined) return true;
  return required.nodeSelectorTerms.some((term) => meetsTerm(term, node));
}

function meetsTerm(term: NodeSelectorTerm, node: Node): boolean {
  return (
    meetsAll(node.metadata.labels ?? {}, term.matchExpressions ?? []) &&
    meetsAll({ 'metadata.name': node.metadata.name }, term.matchFields ?? [])
  );
}

/** Why the pod cannot go to the node, in the scheduler's words; undefined where it can. */
export function misfit(pod: Pod, node: Node, used: Amounts = none): string | undefined {
  if (!wantsNode(pod.spec, node)) return "node(s) didn't match Pod's node affinity/selector";
  const taint = forbiddingTaint(node, pod.spec.tolerations ?? []);
  if (taint?.key === 'node.kubernetes.io/unschedulable') return 'node(s) were unschedulable';
  if (taint !== undefined) {
    return `node(s) had untolerated taint {${taint.key}: ${taint.value ?? ''}}`;
  }
  if (node.spec?.unschedulable && !toleratesCordon(pod)) return 'node(s) were unschedulable';
  const wanted = requestsOf(pod);
  const room = node.status?.allocatable ?? {};
  if (used.pods + 1 > parseQuantity(room['pods'] ?? 110)) return 'Too many pods';
  if (wanted.cpu + used.cpu > parseQuantity(room['cpu'])) return 'Insufficient cpu';
  if (wanted.memory + used.memory > parseQuantity(room['memory'])) return 'Insufficient memory';
  return undefined;
}

function toleratesCordon(pod: Pod): boolean {
  const taints = [{ key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' }];
  const cordoned = { spec: { taints } } as unknown as Node;
  return forbiddingTaint(cordoned, pod.spec.tolerations ?? []) === undefined;
}
