import type { ServiceTile } from '../action.ts';
import type { TileEndpoints } from '../service-tiles.ts';
import type { Fate } from './judge-pod.ts';

interface Leaving {
  readonly leaving: readonly Fate[];
  readonly maxParallel: number;
}

/**
 * The tiles that lose endpoints. Each pod is followed until its workload has recovered, so at no time are more away
 * than may leave at once; what nothing recreates stays away.
 */
export function drainedTiles(
  tiles: readonly TileEndpoints[],
  { leaving, maxParallel }: Leaving,
): ServiceTile[] {
  const recreated = new Map(
    leaving.map(({ on }) => [on.pod.metadata.uid, on.owner !== undefined && !on.owner.missing]),
  );
  return tiles.flatMap(({ name, ready }) => {
    const touched = ready.filter(({ podUid = '' }) => recreated.has(podUid));
    if (touched.length === 0) return [];
    const lost = touched.filter(({ podUid = '' }) => recreated.get(podUid) === false).length;
    const away = Math.min(touched.length, lost + maxParallel);
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
