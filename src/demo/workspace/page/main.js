import { query } from './api.js';
import { renderModal } from './modal.js';
import { renderSidebar } from './sidebar.js';
import { actAs, changed, loadThread, loadTimeline, onChange, store } from './store.js';
import { renderThread } from './thread.js';
import { renderMain } from './timeline.js';

const app = document.getElementById('app');
const parts = {
  sidebar: document.getElementById('sidebar'),
  main: document.getElementById('main'),
  side: document.getElementById('side'),
};

onChange(() => {
  document.title = titleOf();
  app.dataset.pane = paneOf();
  app.dataset.offline = String(!store.isConnected);
  renderSidebar(parts.sidebar);
  renderMain(parts.main);
  renderThread(parts.side);
  renderModal();
});

/** `#CHANNEL`, `#CHANNEL/ts` with a thread, `#CHANNEL/home`; on a phone a bare `#` is the list of all. */
async function go() {
  const [channel = '', detail] = location.hash.slice(1).split('/');
  const isKnown = store.channels.has(channel);
  const [first] = store.channels.keys();
  store.place = {
    channel: isKnown ? channel : (store.place.channel ?? first),
    thread: isKnown && /^\d/.test(detail ?? '') ? detail : undefined,
    tab: detail === 'home' ? 'home' : 'messages',
    isList: location.hash === '#' || (location.hash === '' && location.href.endsWith('#')),
  };
  if (!store.channels.has(store.place.channel)) store.place.channel = first;
  const unread = store.unread.get(store.place.channel);
  if (unread) unread.count = 0;
  changed();
  if (!store.loaded.has(store.place.channel)) await loadTimeline(store.place.channel);
  if (store.place.thread) await loadThread(store.place.channel, store.place.thread);
}

function paneOf() {
  if (store.place.isList) return 'sidebar';
  return store.place.thread ? 'side' : 'main';
}

function titleOf() {
  let unread = 0;
  for (const [id, { count }] of store.unread) if (id !== store.place.channel) unread += count;
  return unread > 0 ? `(${unread}) ${store.workspace.name}` : store.workspace.name;
}

/** `?as=U…` names the person for one page; otherwise the last one chosen in this browser. */
async function start() {
  const { users } = await query('people');
  const people = users.filter((user) => !user.is_bot && !user.deleted);
  const wanted = new URLSearchParams(location.search).get('as') ?? localStorage.getItem('act-as');
  const me = people.find((user) => user.id === wanted) ?? people[0];
  await actAs(me.id);
  await go();
}

window.addEventListener('hashchange', go);
await start();
