import { composer } from './composer.js';
import { h, icon, keyed } from './dom.js';
import { home } from './home.js';
import { messageItems } from './message.js';
import { keepOneTabStop } from './message-focus.js';
import { avatar, nameOf } from './names.js';
import { beginVisit, firstNewIn, markRead } from './reading.js';
import { keepDistanceToEnd, keepPlace, stayAtEnd, toEnd } from './scrolling.js';
import { loadTimeline, store, timelineOf } from './store.js';
import { dayOf } from './times.js';

let shown;

/** The middle: a conversation, or the Home tab of the app. */
export function renderMain(root) {
  const { channel: id, tab } = store.place;
  const place = `${store.workspace.me}/${id}/${tab}/${store.clusters.size > 0}`;
  if (shown?.place !== place) {
    if (shown?.person !== store.workspace.me) beginVisit(id);
    shown = { ...build(id, tab), place, person: store.workspace.me };
    root.replaceChildren(...shown.parts);
  }
  shown.update();
}

function build(id, tab) {
  const channel = store.channels.get(id);
  if (!channel)
    return { parts: [h('p', { class: 'empty' }, 'No such conversation.')], update() {} };
  const head = header(channel, tab);
  if (tab === 'home') {
    const view = home();
    return { parts: [head, view.element], update: view.update };
  }
  return conversation(channel, head);
}

function conversation(channel, head) {
  const list = h('ol', { class: 'messages', 'aria-label': 'Messages' });
  const earlier = h(
    'button',
    { type: 'button', class: 'button earlier', hidden: true, onclick: () => loadEarlier() },
    'Show earlier messages',
  );
  const scroller = h('div', { class: 'scroller', tabindex: '-1' }, earlier, list);
  stayAtEnd(scroller);
  const box = composer({ channel: channel.id, onSend: () => toEnd(scroller) });
  let drawn = 0;
  const loadEarlier = async () => {
    const [first] = timelineOf(channel.id);
    await loadTimeline(channel.id, first?.ts);
    keepDistanceToEnd(scroller, draw);
  };
  const draw = () => {
    const messages = timelineOf(channel.id);
    earlier.hidden = store.loaded.get(channel.id) !== true;
    const lastRead = store.unread.get(channel.id)?.lastRead;
    const isLoaded = store.loaded.has(channel.id);
    const newFrom = isLoaded ? firstNewIn(channel.id, messages, lastRead) : undefined;
    keyed(list, messages.length > 0 ? withDays(messages, newFrom) : [beginning(channel)]);
    keepOneTabStop(list);
    if (isLoaded) markRead(list, channel.id, { messages, lastRead });
    if (drawn === 0 && messages.length > 0) toEnd(scroller);
    drawn = messages.length;
  };
  return {
    parts: [head, scroller, box.element],
    update: () => {
      keepPlace(scroller, draw);
      box.update();
    },
  };
}

function beginning(channel) {
  const name = channel.is_im ? nameOf(store.workspace.botUser) : `#${channel.name}`;
  return {
    key: 'beginning',
    version: name,
    build: () =>
      h(
        'li',
        { class: 'beginning' },
        h('h2', {}, `This is the beginning of ${name}`),
        h('p', {}, 'Type ', h('kbd', {}, '/runbook'), ' to see what Handrail can do for you.'),
      ),
  };
}

/** Day lines between the messages, and one above what is new; a line ends a group. */
function withDays(messages, newFrom) {
  const days = Map.groupBy(messages, (message) => dayOf(message.ts));
  return [...days].flatMap(([day, ofDay]) => [
    {
      key: `day ${day}`,
      version: day,
      build: () => h('li', { class: 'day' }, h('span', {}, day)),
    },
    ...messageItems(ofDay, { newFrom }),
  ]);
}

function header(channel, tab) {
  const { botUser } = store.workspace;
  const title = channel.is_im
    ? [avatar(botUser, 'small'), h('h1', {}, nameOf(botUser))]
    : [icon('hash'), h('h1', {}, channel.name)];
  return h(
    'header',
    { class: 'head' },
    h(
      'a',
      { class: 'icon-button only-phone', href: '#', 'aria-label': 'All conversations' },
      icon('back'),
    ),
    ...title,
    channel.is_im ? tabs(channel, tab) : h('span', { class: 'topic' }, channel.topic),
    !channel.is_im && h('span', { class: 'members' }, `${channel.members.length} members`),
    store.clusters.size > 0 &&
      h(
        'a',
        { class: 'icon-button only-phone head-end', href: '#cluster', 'aria-label': 'Cluster' },
        icon('cluster'),
      ),
  );
}

function tabs({ id }, tab) {
  const one = (name, label) =>
    h(
      'a',
      {
        class: 'tab',
        href: `#${id}${name === 'home' ? '/home' : ''}`,
        'aria-current': tab === name ? 'page' : undefined,
      },
      label,
    );
  return h(
    'nav',
    { class: 'tabs', 'aria-label': 'App' },
    one('home', 'Home'),
    one('messages', 'Messages'),
  );
}
