import type { Node, Pod } from '../model/schemas.ts';
import { type Amounts, capacityOf, none, requestsOf } from './amounts.ts';
import { type FilterRule, type Misfit, preemptible } from './filter.ts';

/** Requests against what the node has left, each resource for itself. */
export const nodeResources: FilterRule = {
  reliefs: ['node', 'pod-gone'],
  prepare: (pod, { assigned }) => {
    const wanted = requestsOf(pod);
    return (node) => shortage(wanted, capacityOf(node), assigned.usage(node.metadata.name));
  },
};

function shortage(wanted: Amounts, room: Amounts, used: Amounts): Misfit | undefined {
  const short = Object.keys(wanted).filter((name) => isShort(name, { wanted, room, used }));
  if (short.length === 0) return undefined;
  return {
    reasons: short.map((name) => (name === 'pods' ? 'Too many pods' : `Insufficient ${name}`)),
    // Even empty, the node may be too small.
    preemptible: short.every((name) => name === 'pods' || !isShort(name, { wanted, room })),
  };
}

function isShort(
  name: string,
  { wanted, room, used = none }: { wanted: Amounts; room: Amounts; used?: Amounts },
): boolean {
  const amount = wanted[name] ?? 0;
  return amount > 0 && amount + (used[name] ?? 0) > (room[name] ?? 0);
}

/** The share of the node's room, 0 to 1, that would be left with the pod on it: what is least allocated is best. */
export function shareLeft(pod: Pod, node: Node, used: Amounts): number {
  const wanted = requestsOf(pod);
  const room = capacityOf(node);
  const left = (name: 'cpu' | 'memory') =>
    room[name] === 0 ? 0 : Math.max(0, 1 - (used[name] + wanted[name]) / room[name]);
  return (left('cpu') + left('memory')) / 2;
}

const portTaken = preemptible("node(s) didn't have free ports for the requested pod ports");

export const nodePorts: FilterRule = {
  reliefs: ['node', 'pod-gone'],
  prepare: (pod, cluster) => {
    const wanted = hostPortsOf(pod);
    if (wanted.length === 0) return undefined;
    return (node) => {
      const taken = cluster.podsOn(node.metadata.name).flatMap(hostPortsOf);
      return wanted.some((port) => taken.includes(port)) ? portTaken : undefined;
    };
  },
};

function hostPortsOf({ spec }: Pod): string[] {
  return spec.containers
    .flatMap(({ ports = [] }) => ports)
    .filter(({ hostPort = 0 }) => hostPort > 0)
    .map(({ hostPort, protocol = 'TCP' }) => `${protocol}/${hostPort}`);
}
