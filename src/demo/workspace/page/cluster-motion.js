const MOVE_MS = 900;
const SETTLE_MS = 250;
const EASE = 'cubic-bezier(0.2, 0.7, 0.2, 1)';

/** Pods that have left and whose successor has been seen. */
const succeeded = new Set();

/**
 * Changes the tiles and lets each be seen going from where it was to where it is. A pod never moves itself: its successor
 * comes from where one of its workload is leaving, or has left.
 */
export function moveTiles(list, isSameCluster, change) {
  const before = isSameCluster && mayMove(list) ? seen(list) : undefined;
  change();
  if (before === undefined) return;
  const after = seen(list);
  const origins = [...before.values()].filter(
    ({ id }) => !succeeded.has(id) && (after.get(id)?.state ?? 'leaving') === 'leaving',
  );
  for (const [id, now] of after) {
    const was = before.get(id);
    if (was) slide(now, was.rect, SETTLE_MS);
    else comeFrom(now, origins);
  }
}

function mayMove(list) {
  const isSeen = !document.hidden && list.getClientRects().length > 0;
  return isSeen && !matchMedia('(prefers-reduced-motion: reduce)').matches;
}

function seen(list) {
  const tiles = [...list.querySelectorAll('.tile')].map((tile) => {
    const { key: id } = tile.parentElement.dataset;
    return [id, { id, tile, rect: tile.getBoundingClientRect(), ...tile.dataset }];
  });
  return new Map(tiles);
}

/** Each leaving pod has one successor. */
function comeFrom(now, origins) {
  const index = origins.findIndex(({ workload }) => workload !== '' && workload === now.workload);
  const [origin] = index < 0 ? [] : origins.splice(index, 1);
  if (origin) {
    succeeded.add(origin.id);
    slide(now, origin.rect, MOVE_MS);
  } else now.tile.animate([{ transform: 'scale(0)' }, { transform: 'none' }], SETTLE_MS);
}

function slide({ tile, rect }, from, duration) {
  const [x, y] = [from.x - rect.x, from.y - rect.y];
  if (x === 0 && y === 0) return;
  const keyframes = [{ transform: `translate(${x}px, ${y}px)` }, { transform: 'none' }];
  tile.animate(keyframes, { duration, easing: EASE });
}
