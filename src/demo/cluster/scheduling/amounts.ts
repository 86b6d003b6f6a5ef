import { parseQuantity } from '../model/quantities.ts';
import type { Container, Node, Pod } from '../model/schemas.ts';

/** Of each resource: thousandths of a core, bytes, pods, devices; whole numbers, so that sums are exact. */
export interface Amounts {
  readonly cpu: number;
  readonly memory: number;
  readonly pods: number;
  readonly [resource: string]: number;
}

export const none: Amounts = { cpu: 0, memory: 0, pods: 0 };

/** Where a node does not say how many pods it takes: the kubelet's default. */
const usualPods = 110;

// Objects are replaced, never changed: what was once computed for one stays true.
const requests = new WeakMap<Pod, Amounts>();
const capacities = new WeakMap<Node, Amounts>();

/** What the pod needs a node to have: its containers together, or the largest of what runs before them. */
export function requestsOf(pod: Pod): Amounts {
  const known = requests.get(pod);
  if (known !== undefined) return known;
  const { containers, initContainers = [], overhead } = pod.spec;
  const sidecars = initContainers.filter((each) => each['restartPolicy'] === 'Always');
  let running: Some = {};
  for (const each of [...containers, ...sidecars]) running = sum(running, requested(each));
  for (const each of initContainers) running = largest(running, requested(each));
  const amounts = { ...none, ...sum(running, parsed(overhead)), pods: 1 };
  requests.set(pod, amounts);
  return amounts;
}

/** What the node has to give. */
export function capacityOf(node: Node): Amounts {
  const known = capacities.get(node);
  if (known !== undefined) return known;
  const amounts = { ...none, pods: usualPods, ...parsed(node.status?.allocatable) };
  capacities.set(node, amounts);
  return amounts;
}

/** `sign` times `change` on top of `amounts`. */
export function shifted(amounts: Amounts, change: Amounts, sign: 1 | -1): Amounts {
  const after: Record<string, number> & Amounts = { ...amounts };
  for (const [name, value] of Object.entries(change)) {
    after[name] = (after[name] ?? 0) + sign * value;
  }
  return after;
}

type Some = Readonly<Record<string, number>>;

function requested({ resources }: Container): Some {
  return parsed(resources?.requests);
}

function parsed(quantities: Readonly<Record<string, string | number>> = {}): Some {
  const amounts: Record<string, number> = {};
  for (const [name, quantity] of Object.entries(quantities)) {
    const thousandths = name === 'cpu' ? 1000 : 1;
    // 1e-6: 0.3 is a little more than 300 thousandths to a computer.
    amounts[name] = Math.ceil(parseQuantity(quantity) * thousandths - 1e-6);
  }
  return amounts;
}

function sum(a: Some, b: Some): Some {
  return merged(a, b, (x, y) => x + y);
}

function largest(a: Some, b: Some): Some {
  return merged(a, b, Math.max);
}

function merged(a: Some, b: Some, merge: (x: number, y: number) => number): Some {
  const all: Record<string, number> = { ...a };
  for (const [name, value] of Object.entries(b)) all[name] = merge(all[name] ?? 0, value);
  return all;
}
