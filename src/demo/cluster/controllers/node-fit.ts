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

// Objects are replaced, never changed: what was once computed for one stays true.
const requests = new WeakMap<Pod, Amounts>();
const capacities = new WeakMap<Node, Amounts>();

export function requestsOf(pod: Pod): Amounts {
  const known = requests.get(pod);
  if (known !== undefined) return known;
  let { cpu, memory } = none;
  for (const { resources } of pod.spec.containers) {
    cpu += parseQuantity(resources?.requests?.['cpu']);
    memory += parseQuantity(resources?.requests?.['memory']);
  }
  const amounts = { cpu, memory, pods: 1 };
  requests.set(pod, amounts);
  return amounts;
}

/** What the node has to give. */
export function capacityOf(node: Node): Amounts {
  const known = capacities.get(node);
  if (known !== undefined) return known;
  const room = node.status?.allocatable ?? {};
  const amounts = {
    cpu: parseQuantity(room['cpu']),
    memory: parseQuantity(room['memory']),
    pods: parseQuantity(room['pods'] ?? 110),
  };
  capacities.set(node, amounts);
  return amounts;
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
  const room = capacityOf(node);
  if (used.pods + 1 > room.pods) return 'Too many pods';
  if (wanted.cpu + used.cpu > room.cpu) return 'Insufficient cpu';
  if (wanted.memory + used.memory > room.memory) return 'Insufficient memory';
  return undefined;
}

function toleratesCordon(pod: Pod): boolean {
  const taints = [{ key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' }];
  const cordoned = { spec: { taints } } as unknown as Node;
  return forbiddingTaint(cordoned, pod.spec.tolerations ?? []) === undefined;
}
