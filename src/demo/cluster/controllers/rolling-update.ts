import { scaledValue } from '../model/quantities.ts';
import type { Deployment, ReplicaSet } from '../model/schemas.ts';

type Sizes = Map<ReplicaSet, number>;

function available(set: ReplicaSet): number {
  const count = set.status?.['availableReplicas'];
  return typeof count === 'number' ? count : 0;
}

function replicas(set: ReplicaSet): number {
  return set.spec.replicas ?? 0;
}

function sum(sets: readonly ReplicaSet[], count: (set: ReplicaSet) => number): number {
  let total = 0;
  for (const set of sets) total += count(set);
  return total;
}

/** The next size of each ReplicaSet on the way to the Deployment's template and size. */
export function rollingSizes(
  deployment: Deployment,
  current: ReplicaSet,
  old: readonly ReplicaSet[],
): Sizes {
  const wanted = deployment.spec.replicas ?? 1;
  if (sum(old, replicas) === 0) return new Map([[current, wanted]]);
  if (deployment.spec.strategy?.type === 'Recreate') return recreateSizes(current, old, wanted);
  return stepSizes(deployment, current, old);
}

/** All old pods go before a new one comes. */
function recreateSizes(current: ReplicaSet, old: readonly ReplicaSet[], wanted: number): Sizes {
  const sizes: Sizes = new Map(old.map((set) => [set, 0]));
  const gone = old.every((set) => set.status?.['replicas'] === 0);
  sizes.set(current, gone ? wanted : replicas(current));
  return sizes;
}

/** One step within maxSurge and maxUnavailable. */
function stepSizes(deployment: Deployment, current: ReplicaSet, old: readonly ReplicaSet[]): Sizes {
  const wanted = deployment.spec.replicas ?? 1;
  const { maxSurge = '25%', maxUnavailable = '25%' } =
    deployment.spec.strategy?.rollingUpdate ?? {};
  const surge = scaledValue(maxSurge, wanted);
  const unavailable = floorPercent(maxUnavailable, wanted);
  const total = sum([current, ...old], replicas);
  const room = Math.max(0, wanted + surge - total);
  const sizes: Sizes = new Map([[current, Math.min(wanted, replicas(current) + room)]]);
  const least = wanted - unavailable;
  let spare = sum([current, ...old], available) - least;
  // Unready old pods go first, but a new pod that is not ready yet counts as one that is away.
  let removable = Math.max(0, total - least - (replicas(current) - available(current)));
  for (const set of old) {
    const unready = Math.min(replicas(set) - available(set), removable);
    removable -= unready;
    const less = Math.min(replicas(set), unready + Math.max(0, spare));
    spare -= Math.max(0, less - unready);
    sizes.set(set, replicas(set) - less);
  }
  return sizes;
}

/** maxUnavailable rounds down, maxSurge up. */
function floorPercent(value: number | string, total: number): number {
  if (typeof value === 'number') return value;
  return Math.floor((Number.parseFloat(value) * total) / 100);
}
