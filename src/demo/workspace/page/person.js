import { h } from './dom.js';
import { avatar } from './names.js';
import { actAs, store } from './store.js';

/** Everybody whom the page can act for. */
export function people() {
  return [...store.users.values()].filter((user) => !user.is_bot && !user.deleted);
}

export function personWords(user) {
  return user.role ? `${user.real_name}, ${user.role}` : user.real_name;
}

/** Looks at the workspace as somebody else, who stays chosen in this browser. */
export async function become(user) {
  if (user === store.workspace.me) return;
  localStorage.setItem('act-as', user);
  // the person that the address may have named is not the one any more
  const address = new URL(location.href);
  address.searchParams.delete('as');
  history.replaceState(null, '', address);
  await actAs(user);
  window.dispatchEvent(new HashChangeEvent('hashchange'));
}

/** Who acts. A demo has one browser and several people. */
export function renderPerson(root) {
  const { me } = store.workspace;
  if (root.dataset.me === me) return;
  root.dataset.me = me;
  const known = root.querySelector('select');
  if (known) {
    known.value = me;
    root.querySelector('.avatar').replaceWith(avatar(me));
    return;
  }
  root.replaceChildren(
    avatar(me),
    h('div', { class: 'person-main' }, h('label', { for: 'act-as' }, 'Act as'), choice(me)),
  );
}

function choice(me) {
  return h(
    'select',
    { id: 'act-as', 'data-testid': 'act-as', onchange: (event) => become(event.target.value) },
    ...people().map((user) =>
      h('option', { value: user.id, selected: user.id === me }, personWords(user)),
    ),
  );
}
