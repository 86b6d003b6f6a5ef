import type { Cluster } from '../../kubernetes/kubernetes.ts';
import { Node, type Taint } from '../../kubernetes/resources/node.ts';
import {
  type Container,
  Pod,
  type Quantities,
  type Toleration,
} from '../../kubernetes/resources/pod.ts';
import { hasFinished, podName } from '../pod-state.ts';
import { parseQuantity } from '../quantity.ts';
import { takesPods } from './node-state.ts';

/** Amounts in base units by resource; `pods` among them. */
type Amounts = Map<string, number>;

/** Whether the pods of a node find room on the others: an estimate, first fit by requests. */
export interface RoomEstimate {
  readonly fitting: readonly { readonly pod: string; readonly node: string }[];
  /** Pods that fit on no other node as things are, with the requests that they need. */
  readonly homeless: readonly { readonly pod: string; readonly why: string }[];
}

interface Place {
  readonly node: Node;
  readonly free: Amounts;
}

/**
 * Counts requests, node selectors and taints. Affinity, spread constraints and the zones of volumes are not
 * counted, nor is what an autoscaler may add: so it is shown as an estimate, and never decides.
 */
export async function estimateRoom(
  cluster: Cluster,
  { node, pods }: { node: string; pods: readonly Pod[] },
): Promise<RoomEstimate> {
  const places = await placesElsewhere(cluster, node);
  const fitting: { pod: string; node: string }[] = [];
  const homeless: { pod: string; why: string }[] = [];
  for (const pod of largestFirst(pods)) {
    const needs = requestsOf(pod);
    const suitable = places.filter((place) => mayRunOn(pod, place.node));
    const place = suitable.find(({ free }) => hasRoom(free, needs));
    if (place === undefined) {
      homeless.push({ pod: podName(pod), why: whyHomeless(suitable, needs) });
      continue;
    }
    take(place.free, needs);
    fitting.push({ pod: podName(pod), node: place.node.metadata.name });
  }
  return { fitting, homeless };
}

async function placesElsewhere(cluster: Cluster, except: string): Promise<Place[]> {
  const nodes = await cluster.list(Node);
  const others = nodes.filter((node) => node.metadata.name !== except && takesPods(node));
  const byName = new Map(
    others.map((node) => [node.metadata.name, { node, free: amounts(node.status.allocatable) }]),
  );
  for (const pod of await cluster.list(Pod)) {
    const place = byName.get(pod.spec.nodeName ?? '');
    if (place !== undefined && !hasFinished(pod)) take(place.free, requestsOf(pod));
  }
  return [...byName.values()];
}

function amounts(quantities: Quantities): Amounts {
  return new Map(Object.entries(quantities).map(([name, text]) => [name, parseQuantity(text)]));
}

/** As the scheduler counts: containers and sidecars together, or the largest init container, plus overhead. */
function requestsOf({ spec }: Pod): Amounts {
  const sidecars = spec.initContainers.filter((container) => container.restartPolicy === 'Always');
  const total: Amounts = new Map([['pods', 1]]);
  for (const container of [...spec.containers, ...sidecars]) add(total, requested(container));
  for (const container of spec.initContainers) {
    for (const [name, amount] of requested(container)) {
      total.set(name, Math.max(total.get(name) ?? 0, amount));
    }
  }
  add(total, amounts(spec.overhead));
  return total;
}

function requested(container: Container): Amounts {
  return amounts(container.resources.requests);
}

function add(to: Amounts, more: Amounts): void {
  for (const [name, amount] of more) to.set(name, (to.get(name) ?? 0) + amount);
}

function take(free: Amounts, needs: Amounts): void {
  for (const [name, amount] of needs) free.set(name, (free.get(name) ?? 0) - amount);
}

function hasRoom(free: Amounts, needs: Amounts): boolean {
  return shortOf(free, needs).length === 0;
}

function shortOf(free: Amounts, needs: Amounts): string[] {
  return [...needs]
    .filter(([name, amount]) => amount > (free.get(name) ?? 0))
    .map(([name]) => name);
}

function largestFirst(pods: readonly Pod[]): Pod[] {
  const size = (pod: Pod): number => requestsOf(pod).get('memory') ?? 0;
  return pods.toSorted((a, b) => size(b) - size(a) || podName(a).localeCompare(podName(b)));
}

function mayRunOn(pod: Pod, node: Node): boolean {
  const { labels } = node.metadata;
  const isSelected = Object.entries(pod.spec.nodeSelector).every(
    ([key, value]) => labels[key] === value,
  );
  return isSelected && node.spec.taints.every((taint) => passes(taint, pod.spec.tolerations));
}

function passes(taint: Taint, tolerations: readonly Toleration[]): boolean {
  if (taint.effect === 'PreferNoSchedule') return true;
  return tolerations.some(
    ({ key, operator, value, effect }) =>
      (effect === undefined || effect === taint.effect) &&
      (key === undefined || key === taint.key) &&
      (operator === 'Exists' || value === (taint.value ?? '')),
  );
}

function whyHomeless(suitable: readonly Place[], needs: Amounts): string {
  if (suitable.length === 0) return 'no other node matches its node selector and tolerations';
  const short = new Set(suitable.flatMap(({ free }) => shortOf(free, needs)));
  return `none of the ${suitable.length} other nodes that suit it has enough ${[...short].join(' and ')} left`;
}
