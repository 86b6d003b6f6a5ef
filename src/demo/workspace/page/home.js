import { perform } from './act.js';
import { blocks } from './blocks.js';
import { h } from './dom.js';
import { readFields } from './fields.js';
import { nameOf } from './names.js';
import { store } from './store.js';

/** The Home tab of the app, as it published it for this person. */
export function home() {
  const element = h('div', { class: 'scroller home', 'data-testid': 'home' });
  void perform({ do: 'open_home' });
  let hash;
  const update = () => {
    const view = store.home;
    if (hash !== undefined && view?.hash === hash) return;
    hash = view?.hash ?? '';
    element.replaceChildren(view ? content(view, element) : nothing());
  };
  return { element, update };
}

function content(view, root) {
  return blocks(view.blocks, {
    click: (action) =>
      perform({ do: 'click_in_view', viewId: view.id, action, values: readFields(root) }),
    heldValue: (blockId, actionId) => view.state[blockId]?.[actionId],
  });
}

function nothing() {
  const app = nameOf(store.workspace.botUser);
  return h('p', { class: 'empty' }, `${app} has put nothing here yet.`);
}
