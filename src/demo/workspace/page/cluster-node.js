import { countStates, podWords, tileWords } from './cluster-words.js';
import { h, keyed } from './dom.js';

/** A card for each node, in the order given. */
export function nodeItems(nodes, total) {
  const items = nodes.map((node) => ({
    key: node.id,
    version: node.name,
    build: () => card(node),
  }));
  const more = total - nodes.filter(isNode).length;
  const words = `and ${more} more nodes`;
  if (more > 0) {
    const build = () => h('li', { class: 'node more-nodes' }, words);
    items.push({ key: 'more', version: words, build });
  }
  return items;
}

/** Cards and tiles stay the same elements, so that they can be seen changing. */
export function updateNodes(list, nodes) {
  const cards = new Map([...list.children].map((each) => [each.dataset.key, each]));
  for (const node of nodes) updateCard(cards.get(node.id), node);
  keepOneTabStop(list);
}

/** Pods without a node, and machines that have none yet, stand among the nodes. */
function isNode({ states }) {
  return !states.includes('no node yet') && !states.includes('booting');
}

function card({ name }) {
  return h(
    'li',
    { class: 'node', 'data-node': name },
    h('div', { class: 'node-head' }, h('h3', {}, name || 'No node'), h('p', { class: 'states' })),
    h('ul', { class: 'tiles', 'aria-label': name ? `Pods on ${name}` : 'Pods without a node' }),
    h('p', { class: 'node-words' }),
  );
}

function updateCard(element, { states, pods, morePods }) {
  element.dataset.state = states.map((state) => state.replaceAll(' ', '-')).join(' ');
  const badges = states.map((state) => ({
    key: state,
    version: '',
    build: () => h('span', { class: `state state-${state.replaceAll(' ', '-')}` }, state),
  }));
  keyed(element.querySelector('.states'), badges);
  const tiles = element.querySelector('.tiles');
  keyed(
    tiles,
    pods.map((pod) => ({ key: pod.id, version: '', build: tile })),
  );
  for (const [index, pod] of pods.entries()) updateTile(tiles.children[index], pod);
  const more = morePods > 0 ? `, ${morePods} of them not shown` : '';
  const words = podWords(pods.length + morePods, countStates(pods)) + more;
  const place = element.querySelector('.node-words');
  if (place.textContent !== words) place.textContent = words;
}

function tile() {
  return h('li', {}, h('button', { type: 'button', tabindex: '-1' }));
}

function updateTile(item, pod) {
  const words = tileWords(pod);
  const button = item.firstElementChild;
  if (button.getAttribute('aria-label') === words) return;
  const kind = pod.state.replaceAll(' ', '-');
  button.className = `tile tile-${kind}${pod.stays ? ' tile-stays' : ''}`;
  button.dataset.state = pod.state;
  button.dataset.workload = pod.workload ?? '';
  button.setAttribute('aria-label', words);
}

/** All tiles are one stop for Tab; the arrows lead from tile to tile. */
function keepOneTabStop(list) {
  if (list.querySelector('.tile[tabindex="0"]')) return;
  list.querySelector('.tile')?.setAttribute('tabindex', '0');
}
