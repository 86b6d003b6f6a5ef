import { budgetItems } from './cluster-budgets.js';
import { moveTiles } from './cluster-motion.js';
import { nodeItems, updateNodes } from './cluster-node.js';
import { listenToTiles } from './cluster-tiles.js';
import { clusterWords } from './cluster-words.js';
import { h, icon, keyed } from './dom.js';
import { changed, store } from './store.js';

const CLOSED_KEY = 'cluster-closed';
let chosen;
/** What is on the screen: a cluster is a new object whenever something in it has changed. */
let drawn;
let wasAskedFor = false;

/** What the runs do to the clusters, as it happens: nodes, the pods on them, and the budgets. */
export function renderCluster(root) {
  const names = [...store.clusters.keys()];
  root.hidden = names.length === 0;
  if (root.hidden) return;
  if (root.childElementCount === 0) build(root, names);
  if (!names.includes(chosen)) chosen = names[0];
  showWhenAskedFor(root);
  const isClosed = localStorage.getItem(CLOSED_KEY) !== null;
  root.dataset.closed = String(isClosed);
  root.querySelector('.cluster-toggle').setAttribute('aria-expanded', String(!isClosed));
  const cluster = store.clusters.get(chosen);
  if (drawn === cluster) return;
  const isSame = root.dataset.cluster === chosen;
  drawn = cluster;
  root.dataset.cluster = chosen;
  draw(root, cluster, isSame);
}

/** Asked for by its name, it opens and takes the focus. */
function showWhenAskedFor(root) {
  const isAskedFor = store.place.isCluster === true;
  if (isAskedFor && !wasAskedFor) {
    localStorage.removeItem(CLOSED_KEY);
    root.querySelector('h2').focus();
  }
  wasAskedFor = isAskedFor;
}

function toggle() {
  if (localStorage.getItem(CLOSED_KEY) === null) localStorage.setItem(CLOSED_KEY, 'yes');
  else localStorage.removeItem(CLOSED_KEY);
  changed();
}

function build(root, names) {
  root.append(
    header(names),
    h(
      'div',
      { id: 'cluster-body', class: 'cluster-body' },
      h('ul', { class: 'nodes', 'aria-label': 'Nodes' }),
      h('ul', { class: 'budgets', 'aria-label': 'Disruption budgets' }),
    ),
  );
  listenToTiles(root);
}

function header(names) {
  return h(
    'header',
    { class: 'cluster-head' },
    h(
      'a',
      { class: 'icon-button only-phone', href: '#', 'aria-label': 'All conversations' },
      icon('back'),
    ),
    h('h2', { tabindex: '-1' }, 'Cluster'),
    h(
      'div',
      { class: 'segments', role: 'group', 'aria-label': 'Which cluster' },
      ...names.map(segment),
    ),
    h('p', { class: 'cluster-line' }),
    h('p', { class: 'cluster-hint' }),
    h(
      'button',
      {
        type: 'button',
        class: 'icon-button not-phone cluster-toggle',
        'aria-controls': 'cluster-body',
        'aria-label': 'Nodes, pods and budgets',
        onclick: toggle,
      },
      icon('chevron'),
    ),
  );
}

function segment(name) {
  const choose = () => {
    chosen = name;
    changed();
  };
  return h(
    'button',
    { type: 'button', class: 'segment', 'data-name': name, onclick: choose },
    name,
  );
}

function draw(root, { nodes, budgets, totals }, isSame) {
  for (const each of root.querySelectorAll('.segment')) {
    each.setAttribute('aria-pressed', String(each.dataset.name === chosen));
  }
  root.querySelector('.cluster-line').textContent = clusterWords(totals);
  const list = root.querySelector('.nodes');
  moveTiles(list, isSame, () => {
    keyed(list, nodeItems(nodes, totals.nodes));
    updateNodes(list, nodes);
  });
  keyed(root.querySelector('.budgets'), budgetItems(budgets, totals.budgets));
}
