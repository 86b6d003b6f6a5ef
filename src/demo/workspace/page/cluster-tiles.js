const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
const LEGEND = matchMedia('(hover: none)').matches
  ? 'Touch a pod to read its name.'
  : 'Point at a pod, or go to it with the arrow keys, to read its name.';

/** Says in words what the tile under the pointer or the focus is, and shows which others belong to its workload. */
export function listenToTiles(root) {
  const hint = root.querySelector('.cluster-hint');
  hint.textContent = LEGEND;
  const tell = (tile) => {
    hint.textContent = tile ? tile.getAttribute('aria-label') : LEGEND;
    const workload = tile?.dataset.workload;
    for (const each of root.querySelectorAll('.tile')) {
      each.classList.toggle('is-kin', Boolean(workload) && each.dataset.workload === workload);
    }
  };
  const tileOf = (event) => event.target.closest('.tile');
  root.addEventListener('pointerover', (event) => tell(tileOf(event) ?? focusedIn(root)));
  root.addEventListener('pointerleave', () => tell(focusedIn(root)));
  root.addEventListener('focusin', (event) => {
    const tile = tileOf(event);
    if (tile) moveTabStop(root, tile);
    tell(tile);
  });
  root.addEventListener('focusout', () => tell(undefined));
  root.addEventListener('keydown', (event) => {
    const step = STEPS[event.key];
    const tile = tileOf(event);
    if (!step || !tile) return;
    event.preventDefault();
    const tiles = [...root.querySelectorAll('.tile')];
    tiles[(tiles.indexOf(tile) + step + tiles.length) % tiles.length].focus();
  });
}

function focusedIn(root) {
  const focused = document.activeElement?.closest('.tile');
  return root.contains(focused) ? focused : undefined;
}

function moveTabStop(root, tile) {
  for (const each of root.querySelectorAll('.tile[tabindex="0"]')) each.tabIndex = -1;
  tile.tabIndex = 0;
}
