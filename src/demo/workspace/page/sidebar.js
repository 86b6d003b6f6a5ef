import { h, icon } from './dom.js';
import { avatar, nameOf } from './names.js';
import { actAs, store } from './store.js';

/** The left: who one is, and where one can go. */
export function renderSidebar(root) {
  const { workspace } = store;
  if (root.dataset.me !== workspace.me) {
    root.dataset.me = workspace.me;
    root.replaceChildren(
      h(
        'div',
        { class: 'brand' },
        h('img', { src: '/page/icon.svg', alt: '' }),
        h('b', {}, workspace.name),
      ),
      h('div', { class: 'lists' }),
      person(),
    );
  }
  root.querySelector('.lists').replaceChildren(...lists());
}

function lists() {
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
    workspace.panels.length > 0 &&
      list(
        'Elsewhere',
        workspace.panels.map(({ title, url }) =>
          h(
            'li',
            {},
            h(
              'a',
              { class: 'place', href: url, target: '_blank', rel: 'noopener' },
              icon('link'),
              h('span', {}, title),
            ),
          ),
        ),
      ),
  ].filter(Boolean);
}

function list(title, items) {
  return h('section', {}, h('h2', {}, title), h('ul', {}, ...items));
}

function link(id, mark, name) {
  const unread = store.place.channel === id ? 0 : (store.unread.get(id)?.count ?? 0);
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
      unread > 0 && h('span', { class: 'count', 'aria-label': `${unread} unread` }, unread),
    ),
  );
}

/** Who acts. A demo has one browser and several people. */
function person() {
  const { me } = store.workspace;
  const people = [...store.users.values()].filter((user) => !user.is_bot && !user.deleted);
  const choice = h(
    'select',
    {
      id: 'act-as',
      'data-testid': 'act-as',
      onchange: async (event) => {
        localStorage.setItem('act-as', event.target.value);
        await actAs(event.target.value);
        window.dispatchEvent(new HashChangeEvent('hashchange'));
      },
    },
    ...people.map((user) =>
      h(
        'option',
        { value: user.id, selected: user.id === me },
        user.role ? `${user.real_name}, ${user.role}` : user.real_name,
      ),
    ),
  );
  return h(
    'div',
    { class: 'person' },
    avatar(me),
    h('div', { class: 'person-main' }, h('label', { for: 'act-as' }, 'Act as'), choice),
  );
}
