import { store } from './store.js';

let wasLost = false;

/** Says in words that what is shown may be old, and when it is so no longer. */
export function renderConnection(root) {
  const isLost = !store.isConnected;
  root.dataset.lost = String(isLost);
  if (isLost) root.textContent = 'The connection is lost. Reconnecting…';
  else root.textContent = wasLost ? 'Connected again.' : '';
  wasLost ||= isLost;
}
