import type { ServiceTile } from '../action.ts';
import type { TileEndpoints } from '../service-tiles.ts';
import type { Fate } from './judge-pod.ts';

interface Leaving {
  readonly leaving: readonly Fate[];
  readonly maxParallel: number;
}

/**
 * The tiles that lose endpoints. Each pod is followed until its workload has recovered, so at no time are more away
 * than may leave at once, and never two of one workload; what nothing recreates stays away.
 */
export function drainedTiles(
  tiles: readonly TileEndpoints[],
  { leaving, maxParallel }: Leaving,
): ServiceTile[] {
  const owners = new Map(leaving.map(({ on }) => [on.pod.metadata.uid, on.owner]));
  return tiles.flatMap(({ name, ready }) => {
    const touched = ready.filter(({ podUid = '' }) => owners.has(podUid));
    if (touched.length === 0) return [];
    const keepers = touched.map(({ podUid = '' }) => owners.get(podUid));
    const lost = keepers.filter((owner) => owner === undefined || owner.missing).length;
    const workloads = new Set(
      keepers.flatMap((owner) => (owner?.missing ? [] : (owner?.uid ?? []))),
    );
    const away = lost + Math.min(workloads.size, maxParallel);
    return [
      {
        name,
        readyNow: ready.length,
        readyWhile: ready.length - away,
        readyAfter: ready.length - lost,
      },
    ];
  });
}
