import { h, icon } from './dom.js';
import { avatar, nameOf } from './names.js';
import { focusMessageBox, goTo } from './navigate.js';
import { become, people, personWords } from './person.js';
import { showDialog } from './shortcuts.js';
import { store } from './store.js';

/** One box to go anywhere from: type a few letters, Enter takes the first. */
export function openJump() {
  let active = 0;
  let found = [];
  const list = h('div', {
    id: 'jump-list',
    role: 'listbox',
    class: 'jump-list',
    'aria-label': 'Places and people',
  });
  const box = h('input', {
    class: 'jump-box',
    role: 'combobox',
    'aria-label': 'Go to a channel, or act as somebody else',
    'aria-expanded': 'true',
    'aria-controls': list.id,
    'aria-autocomplete': 'list',
    autocomplete: 'off',
    placeholder: 'Channel or person',
    'data-testid': 'jump',
  });
  const dialog = h('dialog', { class: 'dialog jump', 'aria-label': 'Go to' }, box, list);
  const take = (place) => {
    dialog.close();
    void place?.go();
  };
  const draw = () => {
    list.replaceChildren(...found.map((place, index) => option(place, index === active, take)));
    box.setAttribute('aria-activedescendant', found.length > 0 ? `jump-${found[active].id}` : '');
    list.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' });
  };
  const search = () => {
    const typed = box.value.trim().toLowerCase();
    found = placesToGo().filter(({ label }) => label.toLowerCase().includes(typed));
    active = 0;
    draw();
  };
  box.addEventListener('input', search);
  box.addEventListener('keydown', (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === 'Enter') take(found[active]);
    else if (step && found.length > 0) active = (active + step + found.length) % found.length;
    else return;
    event.preventDefault();
    draw();
  });
  search();
  showDialog(dialog);
}

function option(place, isActive, take) {
  return h(
    'div',
    {
      id: `jump-${place.id}`,
      role: 'option',
      class: 'hint',
      'aria-selected': String(isActive),
      onclick: () => take(place),
    },
    place.mark,
    h('span', {}, place.label),
    place.note && h('span', { class: 'muted' }, place.note),
  );
}

function placesToGo() {
  const { directChannel, botUser, me } = store.workspace;
  const to = (hash) => () => goTo(hash, focusMessageBox);
  const channels = [...store.channels.values()]
    .filter((channel) => !channel.is_im)
    .map(({ id, name }) => ({
      id,
      label: `#${name}`,
      mark: icon('hash'),
      note: id === store.place.channel && 'here',
      go: to(id),
    }));
  const app = nameOf(botUser);
  const persons = people().map((user) => ({
    id: user.id,
    label: `Act as ${personWords(user)}`,
    mark: avatar(user.id, 'small'),
    note: user.id === me && 'you',
    go: () => become(user.id).then(focusMessageBox),
  }));
  const home = `${directChannel}/home`;
  return [
    ...channels,
    {
      id: 'direct',
      label: `${app}, messages`,
      mark: avatar(botUser, 'small'),
      go: to(directChannel),
    },
    { id: 'home', label: `${app}, Home`, mark: icon('home'), go: to(home) },
    ...(store.clusters.size > 0
      ? [{ id: 'cluster', label: 'Cluster', mark: icon('cluster'), go: () => goTo('cluster') }]
      : []),
    ...persons,
  ];
}
