import { h, icon } from './dom.js';
import { guideIsHidden, showGuide } from './guide.js';
import { openJump } from './jump.js';
import { avatar, nameOf } from './names.js';
import { showShortcuts } from './shortcuts.js';
import { store } from './store.js';

/** The left: where one can go. */
export function renderSidebar(root) {
  if (root.childElementCount === 0) {
    root.append(
      h(
        'div',
        { class: 'brand' },
        h('img', { src: '/page/icon.svg', alt: '' }),
        h('b', {}, store.workspace.name),
      ),
      h('div', { class: 'lists' }),
      h('div', { class: 'sidebar-foot' }, ...foot()),
    );
  }
  root.querySelector('[data-guide]').hidden = !guideIsHidden();
  const lists = root.querySelector('.lists');
  const before = document.activeElement;
  const place = lists.contains(before) ? before.getAttribute('href') : undefined;
  lists.replaceChildren(...sections());
  if (place) lists.querySelector(`[href="${CSS.escape(place)}"]`)?.focus();
}

/** What else there is, for those who do not know the keys. */
function foot() {
  const button = (label, key, props) =>
    h(
      'button',
      { type: 'button', class: 'foot-button', ...props },
      label,
      key && h('kbd', {}, key),
    );
  return [
    button('Go to…', 'Ctrl K', { onclick: () => openJump() }),
    button('Keyboard shortcuts', 'Ctrl /', {
      class: 'foot-button not-phone',
      onclick: showShortcuts,
    }),
    button('Show the guide', undefined, { 'data-guide': true, onclick: showGuide }),
  ];
}

function sections() {
  const { workspace } = store;
  const channels = [...store.channels.values()].filter((channel) => !channel.is_im);
  return [
    list(
      'Channels',
      channels.map((channel) => link(channel.id, icon('hash'), channel.name)),
    ),
    list('Direct messages', [
      link(workspace.directChannel, avatar(workspace.botUser, 'small'), nameOf(workspace.botUser)),
    ]),
    store.clusters.size > 0 &&
      h('div', { class: 'only-phone-block' }, list('Elsewhere', [clusterLink()])),
  ].filter(Boolean);
}

function clusterLink() {
  return h(
    'li',
    {},
    h('a', { class: 'place', href: '#cluster' }, icon('cluster'), h('span', {}, 'Cluster')),
  );
}

function list(title, items) {
  return h('section', {}, h('h2', {}, title), h('ul', {}, ...items));
}

function link(id, mark, name) {
  const { unread } = store.unread.get(id) ?? { unread: 0 };
  return h(
    'li',
    {},
    h(
      'a',
      {
        class: unread > 0 ? 'place has-unread' : 'place',
        href: `#${id}`,
        'data-channel': id,
        'aria-current': store.place.channel === id ? 'page' : undefined,
      },
      mark,
      h('span', { class: 'place-name' }, name),
      unread > 0 &&
        h('span', { class: 'count' }, unread, h('span', { class: 'only-heard' }, ' unread')),
    ),
  );
}
