import { announceArrivals } from './announce.js';
import { query } from './api.js';
import { renderCluster } from './cluster-panel.js';
import { renderConnection } from './connection.js';
import { renderGuide } from './guide.js';
import { listenToKeys } from './keys.js';
import { renderModal } from './modal.js';
import { renderPerson } from './person.js';
import { beginVisit } from './reading.js';
import { renderSidebar } from './sidebar.js';
import { actAs, changed, loadThread, loadTimeline, onChange, store } from './store.js';
import { renderThread } from './thread.js';
import { renderMain } from './timeline.js';

const app = document.getElementById('app');
const part = (id) => document.getElementById(id);
const RENDERERS = {
  connection: renderConnection,
  sidebar: renderSidebar,
  guide: renderGuide,
  person: renderPerson,
  cluster: renderCluster,
  main: renderMain,
  side: renderThread,
};

onChange(() => {
  document.title = titleOf();
  app.dataset.pane = paneOf();
  for (const [id, render] of Object.entries(RENDERERS)) render(part(id));
  renderModal();
});

/**
 * `#CHANNEL`, `#CHANNEL/ts` with a thread, `#CHANNEL/home`; on a phone a bare `#` is the list of all, and `#cluster` the
 * cluster.
 */
async function go() {
  const before = store.place;
  const [channel = '', detail] = location.hash.slice(1).split('/');
  const isKnown = store.channels.has(channel);
  const [first] = store.channels.keys();
  store.place = {
    channel: isKnown ? channel : (before.channel ?? first),
    thread: isKnown && /^\d/.test(detail ?? '') ? detail : undefined,
    tab: detail === 'home' ? 'home' : 'messages',
    isList: location.hash === '#' || (location.hash === '' && location.href.endsWith('#')),
    isCluster: location.hash === '#cluster',
  };
  if (!store.channels.has(store.place.channel)) store.place.channel = first;
  if (store.place.channel !== before.channel) beginVisit(store.place.channel);
  changed();
  if (!store.loaded.has(store.place.channel)) await loadTimeline(store.place.channel);
  if (store.place.thread) await loadThread(store.place.channel, store.place.thread);
}

function paneOf() {
  const { isCluster, isList, thread } = store.place;
  if (isCluster) return 'cluster';
  if (isList) return 'sidebar';
  return thread ? 'side' : 'main';
}

function titleOf() {
  let unread = 0;
  for (const { unread: count } of store.unread.values()) unread += count;
  return unread > 0 ? `(${unread}) ${store.workspace.name}` : store.workspace.name;
}

/** `?as=U…` names the person for one page; otherwise the last one chosen in this browser. */
async function start() {
  const { users } = await query('people');
  const people = users.filter((user) => !user.is_bot && !user.deleted);
  const wanted = new URLSearchParams(location.search).get('as') ?? localStorage.getItem('act-as');
  const me = people.find((user) => user.id === wanted) ?? people[0];
  announceArrivals(part('news'));
  listenToKeys();
  await actAs(me.id);
  await go();
}

window.addEventListener('hashchange', go);
document.addEventListener('visibilitychange', changed);
await start();
